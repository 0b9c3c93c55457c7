import { HostwrightError } from '../../error.ts'

/** Splits a line into words as a shell does: quotes and backslashes, no expansion. */
export function splitWords(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let rest = line
  while (rest !== '') {
    const found = /^(?:(\s+)|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+))/.exec(rest)
    if (found === null)
      throw new HostwrightError(`the quote or backslash at character ${line.length - rest.length + 1} has no end`, {
        ...{ kind: 'input', next: 'close every quote; write \\\\ for a backslash' },
      })
    const [all, space, single, double, escaped, plain] = found
    rest = rest.slice(all.length)
    if (space !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '')
    }
  }
  if (word !== undefined) words.push(word)
  return words
}
