import { defineModule, optional, Type, withDefault, type Plan } from '../lib/index.ts'
import { planEdit, type EditResult } from '../lib/kit/files/edited.ts'
import { writeComplaints, writeParams } from '../lib/kit/files/parameters.ts'
import { replacementComplaints } from '../lib/kit/text/expand.ts'
import { pattern, patternComplaints } from '../lib/kit/text/pattern.ts'
import { withReplacements } from '../lib/kit/text/replace-edit.ts'

/**
 * Every match of a regular expression in a file, replaced. `after` and `before` confine it to what stands between them. Write the expression so that it does
 * not match its own result, or every run will change the file.
 *
 * Regular expressions are written as in Ansible (Python's syntax): `^` and `$` match at every line, `.` stops at newlines, and in `after` and `before` goes over
 * them; in `replace`, `\1` and `\g<name>` stand for groups. Files are taken as UTF-8, and byte by byte when they are not.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/replace_module.html
 *
 * @throws at start-up for what is no regular expression, or a replacement with groups it does not have; later when the file is missing or is a directory,
 * cannot be written, or `validate` refuses the result.
 * @example
 * replace({ path: '/etc/hosts', regexp: '(\\s+)old\\.example\\.org(\\s|$)', replace: '\\1new.example.org\\2' })
 */
export const replace = defineModule({
  name: 'replace',
  summary: 'Every match of a regular expression in a file.',
  params: {
    path: Type.String({ description: 'The file to change.' }),
    regexp: Type.String({ description: 'What is to be replaced.' }),
    replace: withDefault(Type.String({ description: 'What it becomes; nothing by default.' }), ''),
    after: optional(Type.String({ description: 'Only what stands after this.' })),
    before: optional(Type.String({ description: 'Only what stands before this.' })),
    ...writeParams,
  },
  examples: [
    {
      name: 'A new name for a host',
      params: { path: '/tmp/hosts', regexp: '(\\s)old\\.example\\.org(\\s|$)', replace: '\\1new.example.org\\2' },
    },
  ],
  check: (params) => {
    const broken = [
      ...patternComplaints('regexp', params.regexp),
      ...patternComplaints('after', params.after),
      ...patternComplaints('before', params.before),
    ]
    if (broken.length > 0) return broken
    const expression = pattern(params.regexp, { text: 'characters' })
    return [...writeComplaints(params), ...replacementComplaints('replace', params.replace, expression)]
  },
  plan: (params, host): Promise<Plan<EditResult>> => {
    const section = {
      after: params.after === '' ? undefined : params.after,
      before: params.before === '' ? undefined : params.before,
    }
    return planEdit(host, { ...params, create: false }, (content) => {
      const { content: changed, count, noSection } = withReplacements(content, { ...params, ...section })
      const bounds = [section.after, section.before].filter((bound) => bound !== undefined).join(' … ')
      return {
        content: changed,
        msg: `${count} replacements made`,
        ...(noSection === true
          ? { note: `Pattern for before/after params did not match the given file: ${bounds}` }
          : {}),
      }
    })
  },
})
