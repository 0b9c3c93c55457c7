import { inspect } from 'node:util'
import { lineForms, numberForms, type SecretForm, secretForms } from './secret-forms.ts'

/** The secrets to mask, each with its spellings, which are made when something is first shown. */
const known = new Map<string, readonly SecretForm[] | (() => readonly SecretForm[])>()
const shown = '********'
/** Shorter texts stand in half of all that is shown. */
const shortest = 4
const shortestLine = 8

/**
 * A value that is never shown: passwords, keys, tokens. It travels as this type until the moment it is used, and its text is
 * masked in everything hostwright prints.
 *
 * It refuses to become part of an ordinary string, because the string would no longer be known as secret; use the
 * {@link secretText} tag instead.
 *
 * @example
 * const line = secretText`*:*:*:replicator:${vars.replication_password}`
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    rememberSecret(value)
  }

  /** The text itself. Call it only where it leaves for the host. */
  reveal(): string {
    return this.#value
  }

  /** Throws a TypeError: the text would no longer be known as secret. */
  toString(): string {
    throw new TypeError(
      'a secret was put into an ordinary string; write secretText`…${password}…` so that it stays secret',
    )
  }

  /** Stars. */
  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}

/** A template literal that may hold secrets, and is one itself. */
export function secretText(strings: TemplateStringsArray, ...values: readonly (Secret | string | number)[]): Secret {
  return new Secret(strings.reduce((text, part, i) => text + reveal(values[i - 1] ?? '') + part))
}

/** Text that may be secret, as parameters take it. */
export type Text = string | Secret

/** The text of a secret, or the value as text. Call it only where the text leaves for the host. */
export function reveal(value: Secret | string | number): string {
  return value instanceof Secret ? value.reveal() : String(value)
}

/** Masks this text from now on wherever hostwright prints, in every spelling of {@link secretForms}; the lines of a long text one by one too. */
export function rememberSecret(value: string): void {
  remember(value, shortest, secretForms)
  // Many a program leaves out the blanks around what it prints.
  remember(value.trim(), shortest, secretForms)
  const lines = value.split('\n')
  if (lines.length > 1) for (const line of lines) remember(line.trim(), shortestLine, lineForms)
}

/** Masks this number from now on, unless it is too short to be told from all others. */
export function rememberSecretNumber(value: number): void {
  remember(String(value), shortest, numberForms)
}

function remember(text: string, least: number, forms: (text: string) => readonly SecretForm[]): void {
  if (text.length >= least && text.trim() !== '' && !known.has(text)) known.set(text, () => forms(text))
}

/** The text with every known secret replaced by stars. */
export function mask(text: string): string {
  const found: [start: number, end: number][] = []
  for (const [value, forms] of known) {
    const made = typeof forms === 'function' ? forms() : forms
    if (made !== forms) known.set(value, made)
    for (const form of made) if (text.includes(form.anchor)) found.push(...placesOf(form, text))
  }
  return found.length === 0 ? text : starred(text, found)
}

function placesOf({ spellings }: SecretForm, text: string): [start: number, end: number][] {
  if (typeof spellings !== 'string')
    return [...text.matchAll(spellings)].map((match) => [match.index, match.index + match[0].length])
  const places: [number, number][] = []
  for (let at = text.indexOf(spellings); at >= 0; at = text.indexOf(spellings, at + spellings.length))
    places.push([at, at + spellings.length])
  return places
}

/** Secrets that overlap are one: what would be left of the second is a part of it. */
function starred(text: string, found: [start: number, end: number][]): string {
  let [masked, done] = ['', 0]
  for (const [start, end] of found.sort(([a, aEnd], [b, bEnd]) => a - b || bEnd - aEnd)) {
    if (end <= done) continue
    if (start >= done) masked += text.slice(done, start) + shown
    done = end
  }
  return masked + text.slice(done)
}

/** Any JSON-like value with every known secret in its strings, numbers and keys replaced by stars. */
export function maskDeep(value: unknown): unknown {
  if (typeof value === 'number') return isSecretNumber(String(value)) ? shown : value
  return maskedWith(value, maskDeep)
}

function isSecretNumber(text: string): boolean {
  return text.length >= shortest && mask(text) !== text
}

/** The same for data whose numbers are nobody's: line numbers and seconds of a report. */
export function maskTexts(value: unknown): unknown {
  return maskedWith(value, maskTexts)
}

function maskedWith(value: unknown, inner: (value: unknown) => unknown): unknown {
  if (typeof value === 'string') return mask(value)
  if (value instanceof Secret) return shown
  if (Array.isArray(value)) return value.map(inner)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), inner(item)]))
  return value
}
