export interface Word {
  readonly text: string
  /** Where it begins in its line, from 1. */
  readonly column: number
}

export type Words =
  { readonly words: readonly Word[] } | { readonly error: string; readonly column: number; readonly next: string }

const blank = /[ \t\r\n]/

/**
 * One line split as a POSIX shell would, comments on: quotes group and vanish, a backslash protects, `#` ends the line, even
 * inside a word. This is what Ansible does with the host lines of an INI inventory.
 *
 * @example
 * splitWords(`web1 a="x y" b=z # front`) // words: web1 (column 1), a=x y (6), b=z (14)
 */
export function splitWords(line: string): Words {
  const words: Word[] = []
  let text = ''
  let start: number | undefined
  const close = () => {
    if (start !== undefined) words.push({ text, column: start + 1 })
    text = ''
    start = undefined
  }
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? ''
    if (char === '#') break
    if (blank.test(char)) {
      close()
      continue
    }
    start ??= i
    if (char === '\\') {
      i += 1
      if (i >= line.length)
        return { error: 'a backslash ends the line', column: i, next: 'write \\\\ for a backslash, or remove it' }
      text += line[i] ?? ''
    } else if (char === '"' || char === "'") {
      const quoted = quotedAt(line, i, char)
      if (quoted === undefined)
        return { error: `the quote ${char} is never closed`, column: i + 1, next: `close it, or write \\${char}` }
      text += quoted.text
      i = quoted.end
    } else text += char
  }
  close()
  return { words }
}

/** The quoted text that opens here. Between double quotes a backslash protects only itself and the quote. */
function quotedAt(line: string, open: number, quote: string): { text: string; end: number } | undefined {
  let text = ''
  for (let i = open + 1; i < line.length; i++) {
    const char = line[i] ?? ''
    if (char === quote) return { text, end: i }
    if (char === '\\' && quote === '"') {
      const next = line[i + 1]
      if (next === undefined) return undefined
      text += next === '"' || next === '\\' ? next : char + next
      i += 1
    } else text += char
  }
  return undefined
}
