import { posix } from 'node:path'
import { conninfoOf } from './conninfos.ts'
import { shellWords, wordEnd, type Token } from './words.ts'

/** Texts that are accepted in the place of a good one. */
export interface Swap {
  readonly good: string
  readonly texts: readonly string[]
}

/** The same text, but for the good values: in the place of each, every time, stands either itself or another. */
export function alike(reference: string, found: string, swaps: readonly Swap[]): boolean {
  if (reference === found || new RegExp(`^${patternOf(reference, swaps)}$`, 'u').test(found)) return true
  if (rule.test(reference) && rule.test(found)) return treesAlike(ruleWords(reference), ruleWords(found), swaps)
  // A part of a path: what it makes of the path is the same place.
  return reference.includes('/') && swapped(reference, swaps).some((text) => found === posix.normalize(text))
}

/** A line of pg_hba.conf, as Patroni is given it. */
const rule = /^(?:local|host) /

function ruleWords(line: string): readonly string[] {
  return (line.match(/"(?:[^"]|"")*"|[^\s"]+/g) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word,
  )
}

function patternOf(reference: string, [swap, ...rest]: readonly Swap[]): string {
  if (swap === undefined) return escaped(reference)
  if (swap.good === '') return patternOf(reference, rest)
  const same = rest.filter(({ good }) => good === swap.good).flatMap(({ texts }) => texts)
  const either = `(?:${[swap.good, ...swap.texts, ...same].map(escaped).join('|')})`
  return reference
    .split(swap.good)
    .map((part) => patternOf(part, rest))
    .join(either)
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`)
}

function swapped(reference: string, swaps: readonly Swap[]): readonly string[] {
  return swaps.reduce<readonly string[]>(
    (all, { good, texts }) =>
      good === '' ? all : all.flatMap((text) => texts.map((other) => text.replaceAll(good, () => other))),
    [reference],
  )
}

/** The same for values of JSON: as many keys and items, each the same. `texts` compares those that are text. */
export function treesAlike(reference: unknown, found: unknown, swaps: readonly Swap[], texts = alike): boolean {
  if (typeof reference === 'string' && typeof found === 'string') return texts(reference, found, swaps)
  if (typeof reference !== 'object' || typeof found !== 'object' || reference === null || found === null)
    return reference === found
  const [before, after] = [Object.entries(reference), Object.entries(found)]
  return (
    before.length === after.length &&
    before.every(([key, value]) =>
      after.some(([other, its]) => alike(key, other, swaps) && treesAlike(value, its, swaps, texts)),
    )
  )
}

/**
 * The same script: as many words and operators, each the same but for the good values. Scripts within words (`sh -c '…'`) are read too.
 *
 * @returns what is wrong; undefined when nothing is.
 */
export function scriptTrouble(reference: string, found: string, swaps: readonly Swap[]): string | undefined {
  if (reference === found) return undefined
  const [before, after] = [shellWords(reference), shellWords(found)]
  if (before.length !== after.length) return `${before.length} words have become ${after.length}`
  return before
    .map((token, i) => tokenTrouble(token, after[i] ?? token, swaps, after.slice(0, i)))
    .find((trouble) => trouble !== undefined)
}

function tokenTrouble(
  reference: Token,
  found: Token,
  swaps: readonly Swap[],
  before: readonly Token[],
): string | undefined {
  if (reference.text === found.text && reference.kind === found.kind) return undefined
  if (reference.kind !== found.kind) return `${JSON.stringify(found.text)} has become an ${found.kind}`
  const [was, is] = [conninfoOf(reference.text), conninfoOf(found.text)]
  if (was !== undefined && is !== undefined && treesAlike(was, is, swaps)) return undefined
  if (alike(reference.text, found.text, swaps)) return optionTrouble(reference, found, before)
  if (reference.text.includes(wordEnd)) return partsTrouble(reference.text, found.text, swaps)
  if (/\s/.test(reference.text)) return scriptTrouble(reference.text, found.text, swaps)
  return `${JSON.stringify(reference.text)} has become ${JSON.stringify(found.text)}`
}

/** Words of a substitution, with what is around it. */
function partsTrouble(reference: string, found: string, swaps: readonly Swap[]): string | undefined {
  const [before, after] = [reference.split(wordEnd), found.split(wordEnd)]
  if (before.length !== after.length) return `${before.length} words of a substitution have become ${after.length}`
  const words = (texts: readonly string[]) => texts.map((text): Token => ({ kind: 'word', text }))
  return words(before)
    .map((token, i) => tokenTrouble(token, words(after)[i] ?? token, swaps, words(after.slice(1, i))))
    .find((trouble) => trouble !== undefined)
}

/** A value with a dash before it is an option, unless it belongs to an option itself or `--` has ended the options. */
function optionTrouble(reference: Token, found: Token, before: readonly Token[]): string | undefined {
  if (!found.text.startsWith('-') || reference.text.startsWith('-')) return undefined
  const start = before.findLastIndex(({ kind }) => kind !== 'word') + 1
  const command = before.slice(start).map(({ text }) => text)
  if (command.length === 0 || command.includes('--') || /^-/.test(command.at(-1) ?? '')) return undefined
  // These take any words as they are; hwuname is the user's own command, and so are its options.
  if (command.some((word) => ['printf', 'echo', 'for', 'case', '[', '_hv', 'hwuname'].includes(word))) return undefined
  return `${JSON.stringify(found.text)} is an option of ${JSON.stringify(command[0])}`
}
