import { basename, dirname, join } from 'node:path'
import { choice, defineModule, optional, Type, withDefault, type Plan, type TaskContext } from '../lib/index.ts'
import { planCopy, type CopyResult } from '../lib/kit/files/copy/copied.ts'
import { writeComplaints, writeParams } from '../lib/kit/files/parameters.ts'
import { variablesOver, renderTemplate } from '../lib/kit/text/render.ts'

/**
 * A file on the host made from a template on this machine. Templates are EJS: `<%= name %>` writes a variable of the host, secrets included, without HTML's
 * escapes; `<% if (…) { %>` … `<% } %>` is JavaScript; `-%>` removes the newline after it; `include('other.ejs')` inserts another template, whose path starts
 * from the folder of the first. A template is looked up in `templates/` of the role's folder, if the role names one, and then in `templates/` beside the
 * playbook. It is rendered for every host before the first one is touched.
 *
 * Newlines are written as `newline_sequence`, whatever the template has. Where `dest` is a directory, the file in it is named after the template, without
 * `.ejs`.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/template_module.html
 *
 * @throws at start-up when the template is not found, is no valid EJS or uses a name that is not defined, with file and line; later as {@link copy}.
 * @example
 * template({ src: 'postgresql.conf.ejs', dest: '/etc/postgresql/17/main/conf.d/replication.conf', owner: 'postgres', mode: '0640' })
 */
export const template = defineModule({
  name: 'template',
  summary: 'Renders a template to a file on the host.',
  params: {
    src: Type.String({
      minLength: 1,
      description: 'The template, in `templates/` of the role or beside the playbook, or by its path.',
    }),
    dest: Type.String({ description: 'Where the file is to be on the host.' }),
    vars: optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Variables of this task, over those of the host.' }),
    ),
    force: withDefault(Type.Boolean({ description: 'Replace a file that has other content.' }), true),
    follow: withDefault(
      Type.Boolean({ description: 'Write to where a link at `dest` points, instead of replacing the link.' }),
      false,
    ),
    newline_sequence: withDefault(choice(['\n', '\r', '\r\n'], { description: 'How lines end.' }), '\n'),
    ...writeParams,
  },
  examples: [
    {
      name: 'A configuration file',
      params: { src: 'motd.ejs', dest: '/tmp/motd', vars: { greeting: 'Hello' }, mode: '0644' },
    },
  ],
  check: writeComplaints,
  preflight: (params, task) => {
    rendered(params, task)
  },
  plan: async (params, host, task): Promise<Plan<CopyResult>> => {
    const name = basename(params.src).replace(/\.ejs$/, '')
    return planCopy(host, params, { name, bytes: rendered(params, task) })
  },
})

interface Rendering {
  readonly src: string
  readonly vars?: Readonly<Record<string, unknown>>
  readonly newline_sequence: string
}

function rendered(
  { src, vars = {}, newline_sequence }: Rendering,
  { vars: hostVars, controller }: TaskContext,
): Buffer {
  const path = controller.find('templates', src)
  const text = renderTemplate(path, controller.read(path).toString(), variablesOver(hostVars, vars), (name) => {
    const inner = name.startsWith('/') ? name : join(dirname(path), name)
    return { path: inner, source: controller.read(inner).toString() }
  })
  return Buffer.from(newline_sequence === '\n' ? text : text.replaceAll('\n', newline_sequence))
}
