import {
  type OptionalNames,
  type SchemaOptions,
  type Static,
  type StaticObject,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  Type,
  type Typed,
} from './builder.ts'
import type { Secret, Text } from '../secret.ts'

export { Type }
export type { OptionalNames, SchemaOptions, Static, StaticObject, TObject, TOptional, TProperties, TSchema, Typed }

/** Marks a property that has a default: optional to write, always there to read. */
export interface HasDefault {
  /** Never there; tells the compiler. */
  readonly '~hasDefault': true
}

/** What the user writes: properties with a default, and optional ones, may be left out or undefined. */
export type Written<P extends TProperties> = Flat<
  { readonly [K in keyof Pick<P, Exclude<keyof P, LooseNames<P>>>]: Static<P[K]> } & {
    readonly [K in keyof Pick<P, LooseNames<P>>]?: Static<P[K]> | undefined
  }
>

/** What a module reads: defaults filled in, secrets wrapped. */
export type Read<P extends TProperties> = Flat<
  { readonly [K in keyof Pick<P, DefaultNames<P>>]: Exclude<ReadValue<P[K]>, undefined> } & {
    readonly [K in keyof Pick<P, Exclude<OptionalNames<P>, DefaultNames<P>>>]?: ReadValue<P[K]>
  } & {
    readonly [K in keyof Pick<P, Exclude<keyof P, OptionalNames<P> | DefaultNames<P>>>]: ReadValue<P[K]>
  }
>

/** The names of the properties that have a default. */
export type DefaultNames<P> = { [K in keyof P]: P[K] extends HasDefault ? K : never }[keyof P]

/** The names of the properties that a user may leave out: optional ones, and those that may be anything. */
export type LooseNames<P extends TProperties> = {
  [K in keyof P]: P[K] extends TOptional ? K : undefined extends Static<P[K]> ? K : never
}[keyof P]

/** Marks a schema whose values are read as {@link Secret}, though text may be written. */
export interface ReadsSecret {
  /** Never there; tells the compiler. */
  readonly '~readsSecret': true
}

/** Marks a schema whose values are read as a list, though a single one may be written. */
export interface ReadsList<T> {
  /** Never there; carries the type of the items. */
  readonly '~readsList': T
}

/** A value of this schema, as a module reads it. */
export type ReadValue<S> = S extends ReadsSecret
  ? Secret
  : S extends ReadsList<infer T>
    ? readonly T[]
    : S extends TSchema
      ? Static<S>
      : never

/** The same mapping, written out: what an editor shows is its properties. */
export type Flat<T> = { [K in keyof T]: T[K] } & {}

/** A parameter that may be left out, with the value it then has. */
export function withDefault<S extends TSchema, const D extends Static<S>>(
  schema: S,
  value: D,
): S & TOptional & HasDefault {
  return Type.Optional({ ...schema, default: value } as unknown as S) as S & TOptional & HasDefault
}

/** A parameter that may be left out and then is undefined. */
export const optional = Type.Optional

/** One of these words. */
export function choice<const V extends readonly string[]>(
  values: V,
  options: { description?: string } = {},
): Typed<V[number]> {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options })
}

/** A secret: written as text or {@link Secret}, read as {@link Secret}, shown as stars. */
export function secret(options: { description?: string } = {}): Typed<Text> & ReadsSecret {
  return Type.Unsafe<Text>({ type: 'string', secret: true, ...options }) as Typed<Text> & ReadsSecret
}

/** Text that may hold a secret (a file's content, a line, a command's input); read as it was written. */
export function text(options: { description?: string } = {}): Typed<Text> {
  return Type.Unsafe<Text>({ type: 'string', text: true, ...options })
}

/** Permission bits as Ansible takes them: `'0644'`, or symbolic, `'u=rw,g=r'`. A number is refused: `644` would mean 01204. */
export function mode(options: { description?: string } = {}): Typed<string> {
  return Type.Unsafe<string>({ type: 'string', mode: true, ...options })
}

/** A value or several of them; read as a list always. */
export function listOf<S extends TSchema>(
  item: S,
  options: { description?: string } = {},
): Typed<readonly Static<S>[] | Static<S>> & ReadsList<Static<S>> {
  const schema = { type: 'array', items: item, list: true, ...options }
  return Type.Unsafe<readonly Static<S>[] | Static<S>>(schema) as Typed<readonly Static<S>[] | Static<S>> &
    ReadsList<Static<S>>
}
