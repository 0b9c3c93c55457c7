import { choice, defineModule, optional, reveal, text, Type, withDefault, type Plan, type Text } from '../lib/index.ts'
import { planEdit, type EditResult } from '../lib/kit/files/edited.ts'
import { exclusive, writeComplaints, writeParams } from '../lib/kit/files/parameters.ts'
import { replacementComplaints } from '../lib/kit/text/expand.ts'
import { withLine, withoutLine } from '../lib/kit/text/line-edit.ts'
import { pattern, patternComplaints } from '../lib/kit/text/pattern.ts'

/**
 * One line of a file: there, or not there. With `regexp` or `search_string` the last line that matches becomes the line; without a match the line is put
 * where `insertafter` or `insertbefore` says, at the end by default, unless it stands somewhere already. `state: 'absent'` takes away every line that matches.
 *
 * Regular expressions are written as in Ansible (Python's syntax) and are matched against each line with its newline; in `line`, `\1` and `\g<name>` stand for
 * groups when `backrefs` is set, and a file without a match is then left alone. Bytes that are not touched stay as they are, and so do CRLF line ends.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/lineinfile_module.html
 *
 * @throws at start-up for what is no regular expression and for back references to groups it does not have; later when the file is missing (without
 * `create`), is a directory, cannot be written, or `validate` refuses the result.
 * @example
 * lineinfile({ path: '/etc/ssh/sshd_config', regexp: '^#?PasswordAuthentication', line: 'PasswordAuthentication no', validate: 'sshd -t -f %s' })
 */
export const lineinfile = defineModule({
  name: 'lineinfile',
  summary: 'One line of a file.',
  params: {
    path: Type.String({ description: 'The file to change.' }),
    line: optional(text({ description: 'The line; needed for `state: present`.' })),
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the line is to be there.' }), 'present'),
    regexp: optional(Type.String({ description: 'The line that is to become this one, or is to go.' })),
    search_string: optional(Type.String({ description: 'The same, as text that stands anywhere in the line.' })),
    insertafter: optional(Type.String({ description: 'A regular expression, `EOF` or `BOF`: where a new line goes.' })),
    insertbefore: optional(Type.String({ description: 'A regular expression or `BOF`: before which line it goes.' })),
    backrefs: withDefault(Type.Boolean({ description: 'Fill groups of `regexp` into `line`.' }), false),
    firstmatch: withDefault(Type.Boolean({ description: 'The first match counts instead of the last.' }), false),
    create: withDefault(Type.Boolean({ description: 'Make the file, and its folders, where it is missing.' }), false),
    ...writeParams,
  },
  examples: [
    { name: 'A line at the end', params: { path: '/tmp/hosts', line: '192.0.2.7 db1', create: true } },
    {
      name: 'A setting, whatever it was',
      params: { path: '/tmp/sshd_config', regexp: '^#?Port\\s', line: 'Port 2222', create: true, mode: '0600' },
    },
  ],
  check: (params) => [
    ...writeComplaints(params),
    ...exclusive(params, 'insertafter', 'insertbefore'),
    ...exclusive(params, 'regexp', 'search_string'),
    ...patternComplaints('regexp', params.regexp),
    ...anchorComplaints('insertafter', params.insertafter),
    ...anchorComplaints('insertbefore', params.insertbefore),
    ...(params.state === 'present' ? presentComplaints(params) : absentComplaints(params)),
  ],
  plan: (params, host): Promise<Plan<EditResult>> => {
    const { state, create, ...given } = params
    const wanted = { ...given, line: lineOf(given.line) }
    if (state === 'present') return planEdit(host, { ...given, create }, (content) => withLine(content, wanted))
    return planEdit(host, { ...given, create: false, missing: 'file not present' }, (content) => {
      const { content: rest, found } = withoutLine(content, wanted)
      return { content: rest, msg: found === 0 ? '' : `${found} line(s) removed` }
    })
  },
})

interface Searching {
  readonly line?: Text
  readonly regexp?: string
  readonly search_string?: string
  readonly backrefs: boolean
}

function presentComplaints({ line, regexp, search_string, backrefs }: Searching): readonly string[] {
  if (line === undefined) return ['"line" is required']
  if (!backrefs)
    return lineOf(line)?.includes('\n') === true
      ? ['"line" holds several lines: use blockinfile, or one task for each']
      : []
  if (search_string !== undefined) return ['"backrefs" goes with "regexp", not with "search_string"']
  if (regexp === undefined) return ['"backrefs" needs "regexp"']
  return patternComplaints('regexp', regexp).length > 0
    ? []
    : replacementComplaints('line', reveal(line), pattern(regexp, { text: 'bytes' }))
}

function absentComplaints({ line, regexp, search_string }: Searching): readonly string[] {
  return line === undefined && regexp === undefined && search_string === undefined
    ? ['"line", "regexp" or "search_string" is required for state: absent']
    : []
}

function anchorComplaints(name: string, anchor: string | undefined): readonly string[] {
  return anchor === 'EOF' || anchor === 'BOF' ? [] : patternComplaints(name, anchor)
}

/** The newline that ends it belongs to the file. */
function lineOf(line: Text | undefined): string | undefined {
  return line === undefined ? undefined : reveal(line).replace(/\r?\n$/, '')
}
