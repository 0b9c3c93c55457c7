// needs: ansible-core python3 python3-yaml
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddress } from '../../../lib/inventory/address.ts'
import { globPattern } from '../../../lib/regexp/glob.ts'
import { parseLiteral } from '../../../lib/inventory/values/literal.ts'
import { splitPattern } from '../../../lib/inventory/pattern.ts'
import { expandRanges } from '../../../lib/inventory/sources/ranges.ts'
import { splitWords } from '../../../lib/words.ts'
import { readYaml } from '../../../lib/inventory/sources/yaml-data.ts'
import { askAnsible } from './oracle.ts'

const seed = 20240
/** Texts put together from pieces that matter to a grammar, always the same ones. */
function texts(pieces: readonly string[], count: number, longest: number): string[] {
  const arbitrary = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: longest })
  return [...new Set(fc.sample(arbitrary, { numRuns: count, seed }).map((parts) => parts.join('')))]
}

const literalPieces =
  `' " ' " 1 0 7 12 _ . e - + [ ] { } ( ) , : True False None b r u f # a é \\ \\n \\x41 \\u00e9 \\12 0x1f 0b1 0o7 1.5 1e5 'a' "b" 9007199254740993`
    .split(' ')
    .concat([' ', ', ', ': '])
const wordPieces = `' " \\ # a b= ; é = ''`.split(' ').concat([' ', '  ', '\t'])
// Nothing with two colons side by side: Ansible takes anything that begins like an IPv6 address for one, and we do not.
const addressPieces = [
  'a',
  'web',
  '1',
  '22',
  ':1',
  ':a',
  ':22',
  '[',
  ']',
  '.',
  '-',
  '_',
  '[1:3]',
  '[a:c]',
  '[01:10:2]',
  '%',
  'é',
  ' ',
]
const rangePieces = [
  '[3:1]',
  '[c:a]',
  '[1:3:0]',
  '[ab:cd]',
  '[:3]',
  '[1:]',
  '[01:3]',
  '[a:F:5]',
  '[001:100:40]',
  '[1:5:-1]',
  'a',
  'z',
  'A',
  '1',
  '3',
  '01',
  '10',
  '0',
  ':',
  '[',
  ']',
  '[1:3]',
  '-',
  '.',
]
const globPieces = ['a', 'b', 'w', '1', '*', '?', '[', ']', '!', '-', '[a-c]', '[!a]', '.', '^', '\\']
const scalars =
  `yes No y N on OFF true TRUE tRUE ~ null Null 0 00 08 0644 0o644 0x1F 0b11 1_000 _1 1__0 -1 +5 -0644 1.5 1. .5 1e3 1.0e+3 1.0e3 -1.5
  190:20:30 1:60 1:59.5 .inf -.INF .nan 12345678901234567890 abc "0644" 'yes' [1,yes] {a:1} 1.2.3 0.0 -0 -.5 +.5 0x 0b 1_ 0_7 1:2:3 =x`.split(
    /\s+/,
  )

interface Grammar {
  readonly kind: string
  /** Where we refuse on purpose what Ansible reads as something nobody meant. */
  readonly refused?: (input: string, theirs: unknown) => boolean
  readonly inputs: readonly unknown[]
  readonly ours: (input: never) => unknown
}

const grammars: readonly Grammar[] = [
  {
    kind: 'literal',
    inputs: texts(literalPieces, 6000, 9),
    ours: (text: string) => parseLiteral(text),
  },
  {
    kind: 'words',
    inputs: texts(wordPieces, 3000, 10),
    ours: (text: string) => {
      const split = splitWords(text, { comments: true })
      return 'error' in split ? 'error' : split.words.map((word) => word.text)
    },
  },
  {
    kind: 'address',
    inputs: texts(addressPieces, 3000, 6),
    ours: (text: string) => {
      const found = parseAddress(text)
      return found === undefined ? null : [found.host, found.port ?? null]
    },
  },
  {
    kind: 'ranges',
    // A range that holds nothing, by its bounds or its step; and one of several letters, of which Ansible takes the first; and a
    // bracket that closes before it opens.
    refused: (text, theirs) => JSON.stringify(theirs) === '[]' || /\[[a-z]{2,}:|:[a-z]{2,}\]|^[^[]*\]/.test(text),
    inputs: texts(rangePieces, 2000, 7),
    ours: (text: string) => {
      const found = expandRanges(text)
      return 'error' in found ? 'error' : found.hosts
    },
  },
  {
    kind: 'yaml',
    inputs: scalars,
    ours: (text: string) => (readYaml(`value: ${text}`, 'x').data as { value: unknown }).value,
  },
  {
    kind: 'split',
    inputs: texts([...addressPieces, ',', '!', '&', '~'], 2000, 6),
    ours: (text: string) => splitPattern(text),
  },
  {
    kind: 'glob',
    inputs: texts(globPieces, 1500, 6).flatMap((pattern) =>
      ['a', 'ab', 'web1', '[', '', 'b-', '^a'].map((text) => [text, pattern]),
    ),
    ours: ([text, pattern]: [string, string]) => globPattern(pattern).test(text),
  },
]

const answers = askAnsible(grammars.flatMap(({ kind, inputs }) => inputs.map((input) => [kind, input] as const)))
let at = 0
for (const { kind, inputs, ours, refused } of grammars) {
  const theirs = answers.slice(at, at + inputs.length)
  at += inputs.length
  test(`${kind}: the same as Python and Ansible for ${inputs.length} inputs`, () => {
    const different = inputs.flatMap((input, i) => {
      const mine = JSON.stringify(ours(input as never))
      const expected = JSON.stringify(theirs[i])
      if (mine === '"error"' && refused?.(String(input), theirs[i]) === true) return []
      return mine === expected ? [] : [`${JSON.stringify(input)}: ours ${mine}, theirs ${expected}`]
    })
    assert.equal(different.slice(0, 25), [], `${different.length} differ`)
  })
}

test.run()
