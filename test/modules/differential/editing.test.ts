// needs: ansible-core python3
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withBlock } from '../../../lib/kit/text/block-edit.ts'
import { replacementComplaints } from '../../../lib/kit/text/expand.ts'
import { withLine, withoutLine } from '../../../lib/kit/text/line-edit.ts'
import { pattern } from '../../../lib/kit/text/pattern.ts'
import { withReplacements } from '../../../lib/kit/text/replace-edit.ts'
import { askAnsible, type OracleCase } from './oracle.ts'

const seed = Number(process.env['HOSTWRIGHT_SEED'] ?? Math.floor(Math.random() * 1e9))
const runs = 400

/** Files of few words, so that patterns match often; the last line with or without its newline. */
const line = fc.constantFrom(
  'a',
  'ab',
  'b',
  '',
  ' a',
  'a b',
  '# a',
  'key=value',
  'Key = 1',
  'é',
  'foo.bar',
  'wanted',
  'x'.repeat(3),
)
const file = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.boolean())
  .map(([lines, closed]) => lines.join('\n') + (closed && lines.length > 0 ? '\n' : ''))
const expression = fc.constantFrom(
  '^a',
  'a$',
  '^a$',
  'a\\s',
  '^#?\\s*a',
  '^\\s*$',
  'b|x',
  '[^a]',
  '[]a]',
  '(?i)key\\s*=',
  '^(?P<k>\\w+)=(?P<v>.*)$',
  '(a)(b)?',
  '\\bfoo\\b',
  'foo\\.bar',
  '.+',
  '^',
  '\\Aa',
  'b\\Z',
  'x{2}',
  'x{,2}$',
  'é',
  '\\w+',
  '\\Wa',
  '[\\w-]+=',
  'nothing',
)
const wanted = fc.constantFrom('wanted', 'a', 'key=2', 'é b', '', 'a \\1')
const backreference = fc.constantFrom('wanted', '\\1!', '\\g<1>\\g<0>', 'x\\\\y', '\\g<k>', '\\n')
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const anchor = fc.oneof(expression, fc.constantFrom('BOF', 'EOF'))
const where = fc.oneof(
  fc.constant({}),
  anchor.map((insertafter) => ({ insertafter })),
  fc.oneof(expression, fc.constant('BOF')).map((insertbefore) => ({ insertbefore })),
)

interface Ours {
  readonly content: Buffer
  readonly failed?: boolean
}

interface Case<P> {
  readonly content: string
  readonly params: P
}

/** Runs every case through Ansible and through ours, leaving out those where we differ on purpose. */
function compare<P extends object>(
  module: OracleCase['module'],
  cases: readonly Case<P>[],
  ours: (content: Buffer, params: P) => Buffer,
): void {
  const answers = askAnsible(
    cases.map(({ content, params }) => ({
      module,
      params: params as Readonly<Record<string, unknown>>,
      content: Buffer.from(content),
    })),
  )
  const outcomes: Record<string, number> = {}
  cases.forEach(({ content, params }, i) => {
    const before = Buffer.from(content)
    const their = answers[i]
    const our = attempted(() => ours(before, params))
    const about = `seed ${seed}: ${module} ${JSON.stringify(params)} on ${JSON.stringify(content)}: ${their?.msg ?? ''}`
    assert.is(our.failed === true, their?.failed, about)
    if (our.failed !== true) assert.is(our.content.toString('latin1'), their?.content?.toString('latin1'), about)
    if (our.failed !== true) assert.is(!our.content.equals(before), their?.changed, about)
    const outcome = our.failed === true ? 'failed' : their?.changed === true ? 'changed' : 'unchanged'
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  })
  // Comparing nothing but refusals or nothing but no-ops would prove little.
  assert.ok((outcomes['changed'] ?? 0) > cases.length / 10, JSON.stringify(outcomes))
  assert.ok((outcomes['unchanged'] ?? 0) > cases.length / 40, JSON.stringify(outcomes))
}

function attempted(edit: () => Buffer): Ours {
  try {
    return { content: edit() }
  } catch {
    return { content: Buffer.alloc(0), failed: true }
  }
}

function sample<P>(params: fc.Arbitrary<P>, keep: (one: Case<P>) => boolean = () => true): readonly Case<P>[] {
  return fc.sample(fc.record({ content: file, params }), { numRuns: runs, seed }).filter(keep)
}

const open = (content: string) => content !== '' && !content.endsWith('\n')

test('lineinfile: present', () => {
  const search = fc.oneof(
    fc.constant({}),
    expression.map((regexp) => ({ regexp })),
    fc.constantFrom('a', 'key', 'é', 'b\n').map((search_string) => ({ search_string })),
  )
  const params = fc
    .tuple(search, where, wanted, fc.boolean())
    .map(([found, at, text, firstmatch]) => ({ ...found, ...at, line: text, firstmatch }))
  // On purpose: a line inserted after a last one without newline is not glued to it.
  const cases = sample(params, ({ content, params: { ...given } }) => !(open(content) && 'insertafter' in given))
  compare('lineinfile', cases, (content, given) => withLine(content, given).content)
})

test('lineinfile: present with back references', () => {
  const params = fc
    .tuple(expression, where, backreference, fc.boolean())
    .map(([regexp, at, text, firstmatch]) => ({ regexp, ...at, line: text, backrefs: true, firstmatch }))
  compare('lineinfile', sample(params), (content, given) => withLine(content, given).content)
})

test('lineinfile: absent', () => {
  const params = fc.oneof(
    expression.map((regexp) => ({ regexp })),
    wanted.map((text) => ({ line: text })),
    fc.constantFrom('a', 'key').map((search_string) => ({ search_string })),
  )
  compare(
    'lineinfile',
    sample(params.map((given) => ({ ...given, state: 'absent' }))),
    (content, given) => withoutLine(content, given).content,
  )
})

test('blockinfile', () => {
  const marker = { marker: '# {mark} X', marker_begin: 'BEGIN', marker_end: 'END' }
  // On purpose: an end marker before a begin marker encloses nothing; Ansible deletes what stands between them.
  const content = fc
    .tuple(file, optional(fc.constantFrom('# BEGIN X\nold\n# END X\n', '# BEGIN X\n# END X\n', '# BEGIN X\n')), file)
    .map(([before, block, after]) =>
      block === undefined ? before : `${open(before) ? `${before}\n` : before}${block}${after}`,
    )
  const params = fc
    .tuple(where, fc.constantFrom('', 'one\n', 'one\ntwo', 'old\n'), fc.constantFrom('present', 'absent'))
    .map(([at, block, state]) => ({ ...marker, ...at, block, state }))
  const cases = fc
    .sample(fc.record({ content, params }), { numRuns: runs, seed })
    // On purpose: where there is nothing to take away, nothing is written, not even a newline at the end.
    .filter((one) => !(open(one.content) && (one.params.state === 'absent' || one.params.block === '')))
  compare('blockinfile', cases, (bytes, { state, block, ...given }) =>
    withBlock(bytes, { ...given, block: state === 'absent' ? undefined : block }),
  )
})

test('replace', () => {
  // Without alternatives, on purpose: Ansible breaks on them in after and before.
  const bound = fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom('a', 'b', '^', '\\n', 'key', '[ae]', '.?$') },
    { weight: 1, arbitrary: expression.filter((source) => !source.includes('|')) },
  )
  const params = fc
    .tuple(expression, fc.constantFrom('', 'X', '\\1', '[\\g<0>]', '\\n', 'ü'), bound, bound)
    .map(([regexp, replace, after, before]) => ({
      regexp,
      replace,
      ...(after === undefined ? {} : { after }),
      ...(before === undefined ? {} : { before }),
    }))
  // A replacement that no match could fill in is refused before any file is read.
  const usable = ({ params: { regexp, replace } }: Case<{ regexp: string; replace: string }>) =>
    replacementComplaints('replace', replace, pattern(regexp, { text: 'characters' })).length === 0
  compare('replace', sample(params, usable), (content, given) => withReplacements(content, given).content)
})

test.run()
