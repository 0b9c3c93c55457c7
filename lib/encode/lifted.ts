import { Secret, type Text } from '../secret.ts'

/** What an encoder takes. */
export type Encodable = Text | number | boolean

/** The result for these values. */
export type Encoded<V> = Extract<V, Secret> extends never ? string : Secret

/** An encoder of a mapping's values. */
export type MappingEncoder = <const G extends Readonly<Record<string, Encodable>>>(parts: G) => Encoded<G[keyof G]>

/** An encoder that takes secrets and numbers too. What is made of a secret is a secret. */
export type Encoder<A extends readonly string[]> = <const G extends { readonly [K in keyof A]: Encodable }>(
  ...values: G
) => Encoded<G[number]>

export function lifted<A extends readonly string[]>(encoder: (...texts: A) => string): Encoder<A> {
  const encode = (...values: readonly Encodable[]): Text => {
    const written = encoder(...(values.map(textOf) as unknown as A))
    return values.some((value) => value instanceof Secret) ? new Secret(written) : written
  }
  return encode as Encoder<A>
}

/** The same for encoders that take a list or a mapping: any value in it may be a secret. */
export function liftedDeep(encoder: (value: unknown) => string): (value: unknown) => Text {
  return (value) => {
    const found: Secret[] = []
    const written = encoder(revealed(value, found))
    return found.length > 0 ? new Secret(written) : written
  }
}

function textOf(value: unknown): string {
  if (value instanceof Secret) return value.reveal()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TypeError(
    `an encoder takes text, not ${value === null || value === undefined ? String(value) : typeof value}`,
  )
}

function revealed(value: unknown, found: Secret[]): unknown {
  if (value instanceof Secret) {
    found.push(value)
    return value.reveal()
  }
  if (Array.isArray(value)) return value.map((item) => revealed(item, found))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item, found)]))
}
