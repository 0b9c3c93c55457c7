import { learnConninfos } from './conninfos.ts'
import { scriptTrouble, treesAlike, type Swap } from './alike.ts'
import { refusedByReader, type Readers } from './readers.ts'
import type { Said } from './recorded.ts'
import { shellWords, wordEnd } from './words.ts'

/** What was said, with each file in a format as its reader sees it. */
export async function readBack(
  said: readonly (readonly Said[])[],
  formats: Readonly<Record<string, string>>,
  readers: Readers,
): Promise<readonly (readonly Said[])[]> {
  const found = new Map<string, { readonly text: string; readonly put: (tree: unknown) => void }[]>()
  const result = said.map((list) => list.map((one) => ({ ...one })))
  const note = (format: string, text: string, put: (tree: unknown) => void) =>
    found.set(format, [...(found.get(format) ?? []), { text, put }])
  for (const one of result.flat())
    if (one.what === 'script') {
      if (formats['<input>'] !== undefined && one.input !== '')
        note(formats['<input>'], String(one.input), (tree) => (one.input = tree))
    } else if (one.doing === 'write') {
      const [path, text, ...rest] = one.texts
      // A value of the path's own may stand behind it.
      const format = Object.entries(formats).find(([end]) => String(path).includes(end))?.[1]
      if (format !== undefined)
        note(format, String(text), (tree) => Object.assign(one, { texts: [path, tree, ...rest], read: true }))
    }
  for (const [format, texts] of found) {
    const read = readers[format]
    if (read === undefined) throw new Error(`nothing reads ${format}`)
    const trees = await read(texts.map(({ text }) => text))
    texts.forEach(({ put }, i) => put(trees[i]))
  }
  learnConninfos(result.flat().flatMap((one) => (one.what === 'script' ? wordsIn(one.text) : [])))
  return result
}

function wordsIn(script: string): readonly string[] {
  return shellWords(script).flatMap(({ text }) => {
    const parts = text.split(wordEnd)
    if (parts.length > 1) return parts
    return /\s/.test(text) && text !== script ? [text, ...wordsIn(text)] : [text]
  })
}

/** Each thing that was said is one of the reference's, with the value in the place of the good one, as one word. What is not. */
export function troubleIn(
  reference: readonly Said[],
  found: readonly Said[],
  swaps: readonly Swap[],
): string | undefined {
  for (const one of found) {
    const troubles = reference.map((other) => saidTrouble(other, one, swaps))
    if (troubles.includes(undefined)) continue
    const near = troubles.filter((trouble) => trouble !== 'something else')
    return [JSON.stringify(one).slice(0, 2000), ...new Set(near)].join('\n')
  }
  return undefined
}

function saidTrouble(reference: Said, found: Said, swaps: readonly Swap[]): string | undefined {
  if (reference.what === 'file' || found.what === 'file') {
    if (reference.what !== 'file' || found.what !== 'file' || reference.doing !== found.doing) return 'something else'
    if (found.texts.includes(refusedByReader)) return undefined
    // A file of another name is read by nobody here.
    const same = found.read
      ? treesAlike(reference.texts, found.texts, swaps)
      : treesAlike(reference.raw, found.raw, swaps)
    return same ? undefined : `${found.doing}: not ${JSON.stringify(reference.texts).slice(0, 1000)}`
  }
  const trouble = scriptTrouble(reference.text, found.text, swaps)
  if (trouble !== undefined) return trouble
  return inputsAlike(reference.input, found.input, swaps)
    ? undefined
    : `standard input: not ${JSON.stringify(reference.input)}`
}

/** Requests are JSON: each value has a place of its own. */
function inputsAlike(reference: unknown, found: unknown, swaps: readonly Swap[]): boolean {
  const [one, other] = [reference, found].map(jsonIn)
  return treesAlike(one, other, swaps)
}

function jsonIn(input: unknown): unknown {
  if (typeof input !== 'string' || !/^[[{]/.test(input)) return input
  try {
    return JSON.parse(input) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return input
    throw error
  }
}
