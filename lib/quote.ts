import { HostwrightError } from './error.ts'

/** A piece of POSIX shell in which every value is quoted. Made by {@link sh}, {@link raw} and {@link lines} only. */
export class Script {
  /** The shell text. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The shell text. */
  toString(): string {
    return this.text
  }
}

/**
 * One word of POSIX shell that means exactly this text, whatever it holds.
 * A NUL byte cannot be part of a word on any Unix system and is refused.
 */
export function quote(word: string | number): string {
  const text = String(word)
  if (text.includes('\0'))
    throw new HostwrightError('a NUL byte cannot be passed to a command', {
      kind: 'input',
      next: 'remove it from the value',
    })
  if (text !== '' && /^[A-Za-z0-9_@%+:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * A template literal of POSIX shell. Values become quoted words, arrays become several words, and scripts stay as they are.
 *
 * @example
 * sh`chmod 0640 ${path} && ls -l ${[a, b]}`
 */
export function sh(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Script | readonly (string | number)[])[]
): Script {
  let text = strings[0] ?? ''
  values.forEach((value, i) => {
    text += value instanceof Script ? value.text : isWords(value) ? value.map(quote).join(' ') : quote(value)
    text += strings[i + 1] ?? ''
  })
  return new Script(text)
}

/** Shell written by the programmer, with no value in it that came from elsewhere. */
export function raw(text: string): Script {
  return new Script(text)
}

/** Scripts one after the other, each whatever became of the one before. */
export function lines(...scripts: readonly Script[]): Script {
  return new Script(scripts.map((script) => script.text).join('\n'))
}

function isWords(value: unknown): value is readonly (string | number)[] {
  return Array.isArray(value)
}
