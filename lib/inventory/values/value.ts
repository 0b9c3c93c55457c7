import type { Place } from '../../error.ts'

/** A variable's value as users see it: plain JSON-like data. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value }

/** A value as it was written: vault text not yet looked at, `{{ … }}` not yet resolved. */
export type Raw =
  null | boolean | number | string | VaultText | UnsafeText | readonly Raw[] | { readonly [key: string]: Raw }

/** A mapping as it was written. */
export interface RawMapping {
  readonly [key: string]: Raw
}

/** What a `!vault` value decrypts to, or why it does not. */
export type Decrypted = { readonly text: string } | { readonly error: Error }

/** A `!vault` value. It is decrypted while the inventory loads; a failure counts only when somebody uses the value. */
export class VaultText {
  readonly ciphertext: string
  readonly place: Place
  decrypted: Decrypted | undefined

  constructor(ciphertext: string, place: Place) {
    this.ciphertext = ciphertext
    this.place = place
  }
}

/** A `!unsafe` text: its braces mean nothing. */
export class UnsafeText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A variable with the place that set it. */
export interface Variable {
  readonly value: Raw
  readonly place: Place
}

export type Variables = ReadonlyMap<string, Variable>

export function isMapping(value: Raw): value is RawMapping {
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof VaultText) &&
    !(value instanceof UnsafeText)
  )
}

/** What kind of thing a value is, in words for a message. */
export function describe(value: Raw): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isMapping(value)) return 'a mapping'
  if (value instanceof VaultText) return 'an encrypted text'
  if (value instanceof UnsafeText || typeof value === 'string') return 'a text'
  return typeof value === 'number' ? 'a number' : 'true or false'
}
