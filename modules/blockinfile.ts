import { choice, defineModule, optional, reveal, text, Type, withDefault, type Plan } from '../lib/index.ts'
import { planEdit, type EditResult } from '../lib/kit/files/edited.ts'
import { exclusive, writeComplaints, writeParams } from '../lib/kit/files/parameters.ts'
import { withBlock } from '../lib/kit/text/block-edit.ts'
import { patternComplaints } from '../lib/kit/text/pattern.ts'

/**
 * Lines of a file between two marker lines, which tell them from the rest. Several blocks in a file need markers of their own. An empty block, or
 * `state: 'absent'`, takes the block and its markers away.
 *
 * A new block goes where `insertafter` or `insertbefore` says (regular expressions in Python's syntax; the last line that matches counts), at the end by
 * default. Markers are recognised whatever blanks or line end follow them.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/blockinfile_module.html
 *
 * @throws at start-up for what is no regular expression or no marker; later when the file is missing (without `create`), is a directory, cannot be written, or
 * `validate` refuses the result.
 * @example
 * blockinfile({ path: '/etc/hosts', marker: '# {mark} the cluster', block: '192.0.2.7 db1\n192.0.2.8 db2' })
 */
export const blockinfile = defineModule({
  name: 'blockinfile',
  summary: 'Lines of a file between markers.',
  params: {
    path: Type.String({ description: 'The file to change.' }),
    block: withDefault(text({ description: 'The lines between the markers.' }), ''),
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the block is to be there.' }), 'present'),
    marker: withDefault(
      Type.String({ description: 'The marker lines; `{mark}` becomes `marker_begin` and `marker_end`.' }),
      '# {mark} ANSIBLE MANAGED BLOCK',
    ),
    marker_begin: withDefault(Type.String({ description: 'What `{mark}` is in the marker above the block.' }), 'BEGIN'),
    marker_end: withDefault(Type.String({ description: 'What `{mark}` is in the marker below the block.' }), 'END'),
    insertafter: optional(Type.String({ description: 'A regular expression or `EOF`: where a new block goes.' })),
    insertbefore: optional(Type.String({ description: 'A regular expression or `BOF`: before which line it goes.' })),
    append_newline: withDefault(Type.Boolean({ description: 'An empty line behind the block.' }), false),
    prepend_newline: withDefault(Type.Boolean({ description: 'An empty line before the block.' }), false),
    create: withDefault(Type.Boolean({ description: 'Make the file, and its folders, where it is missing.' }), false),
    ...writeParams,
  },
  examples: [
    {
      name: 'Names of the cluster',
      params: { path: '/tmp/hosts', block: '192.0.2.7 db1\n192.0.2.8 db2\n', create: true, mode: '0644' },
    },
  ],
  check: (params) => [
    ...writeComplaints(params),
    ...exclusive(params, 'insertafter', 'insertbefore'),
    ...(params.insertafter === 'EOF' ? [] : patternComplaints('insertafter', params.insertafter)),
    ...(params.insertbefore === 'BOF' ? [] : patternComplaints('insertbefore', params.insertbefore)),
    ...(params.marker.includes('{mark}')
      ? []
      : ['"marker" must contain {mark}, or the block would be put in again and again']),
    ...(['marker', 'marker_begin', 'marker_end'] as const).flatMap((name) =>
      /\n/.test(params[name]) ? [`"${name}": a marker must be a single line`] : [],
    ),
    ...(params.marker_begin === params.marker_end ? ['"marker_begin" and "marker_end" must differ'] : []),
  ],
  plan: (params, host): Promise<Plan<EditResult>> => {
    const { state, ...given } = params
    const block = state === 'absent' ? '' : reveal(given.block)
    const missing = block === '' ? `File ${given.path} not present` : undefined
    return planEdit(host, { ...given, missing }, (content) => ({
      content: withBlock(content, { ...given, block }),
      msg: block === '' ? 'Block removed' : 'Block inserted',
    }))
  },
})
