import { inspect } from 'node:util'

const known = new Set<string>()
/** The same, long ones first; undefined when it is to be made anew. */
let inOrder: readonly string[] | undefined
const shown = '********'

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

  toString(): string {
    throw new TypeError(
      'a secret was put into an ordinary string; write secretText`…${password}…` so that it stays secret',
    )
  }

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

export function reveal(value: Secret | string | number): string {
  return value instanceof Secret ? value.reveal() : String(value)
}

/** Masks this text from now on wherever hostwright prints. */
export function rememberSecret(value: string): void {
  inOrder = undefined
  if (value.length >= 4) known.add(value)
  for (const line of value.split('\n')) if (line.length >= 8) known.add(line)
}

/** The text with every known secret replaced by stars. */
export function mask(text: string): string {
  let masked = text
  inOrder ??= [...known].sort((a, b) => b.length - a.length)
  for (const value of inOrder) if (masked.includes(value)) masked = masked.replaceAll(value, shown)
  return masked
}

/** Any JSON-like value with every known secret in its strings and keys replaced by stars. */
export function maskDeep(value: unknown): unknown {
  if (typeof value === 'string') return mask(value)
  if (value instanceof Secret) return shown
  if (Array.isArray(value)) return value.map(maskDeep)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), maskDeep(item)]))
  return value
}
