import { HostwrightError } from './error.ts'

/** A word of a line. */
export interface Word {
  readonly text: string
  /** Where it begins in its line, from 1. */
  readonly column: number
}

/** The words, or why the line has none. Columns count from 1. */
export type Words =
  { readonly words: readonly Word[] } | { readonly error: string; readonly column: number; readonly next: string }

const blank = /[ \t\r\n]/

/**
 * Splits a line as a POSIX shell would: quotes group and vanish, a backslash protects. Nothing is expanded. Follows Python's `shlex.split`, which Ansible
 * uses for commands, for arguments of ssh, and with comments for the host lines of an INI inventory.
 *
 * @param comments Whether `#` ends the line, even inside a word; `false` by default.
 *
 * @example
 * splitWords(`web1 a="x y" b=z # front`, { comments: true }) // words: web1 (column 1), a=x y (6), b=z (14)
 */
export function splitWords(line: string, { comments = false }: { readonly comments?: boolean } = {}): Words {
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
    if (comments && char === '#') break
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

/**
 * The words of a line, which must be whole.
 *
 * @param what Names the line in the error: `the command`.
 * @param next What to do about it, in place of the advice of {@link splitWords}.
 * @throws HostwrightError of kind `input` when a quote or a backslash has no end.
 *
 * @example
 * wordsOf('-o "ProxyCommand=nc %h %p"', 'ansible_ssh_common_args') // ['-o', 'ProxyCommand=nc %h %p']
 */
export function wordsOf(line: string, what: string, next?: string): readonly string[] {
  const split = splitWords(line)
  if ('words' in split) return split.words.map(({ text }) => text)
  // The line is not shown: it may hold a password.
  const message = `${what} cannot be split into words: at character ${split.column} ${split.error}`
  throw new HostwrightError(message, { kind: 'input', next: next ?? split.next })
}
