import { Type, type Static, type TObject, type TOptional, type TProperties, type TSchema } from './builder.ts'
import type { Secret, Text } from '../secret.ts'

export { Type }
export type { Static, TObject, TProperties, TSchema }

/** Marks a property that has a default: optional to write, always there to read. */
export interface HasDefault {
  readonly '~hasDefault': true
}

/** What the user writes: properties with a default, and optional ones, may be left out or undefined. */
export type Written<P extends TProperties> = Loose<Static<TObject<P>>>

/** What a module reads: defaults filled in, secrets wrapped. */
export type Read<P extends TProperties> = Flat<
  { readonly [K in keyof P as P[K] extends HasDefault ? K : never]: Exclude<ReadValue<P[K]>, undefined> } & {
    readonly [K in keyof P as P[K] extends HasDefault ? never : P[K] extends TOptional ? K : never]?: ReadValue<P[K]>
  } & {
    readonly [K in keyof P as P[K] extends HasDefault | TOptional ? never : K]: ReadValue<P[K]>
  }
>

/** Marks a schema whose values are read as {@link Secret}, though text may be written. */
export interface ReadsSecret {
  readonly '~readsSecret': true
}

/** Marks a schema whose values are read as a list, though a single one may be written. */
export interface ReadsList<T> {
  readonly '~readsList': T
}

type ReadValue<S> = S extends ReadsSecret
  ? Secret
  : S extends ReadsList<infer T>
    ? readonly T[]
    : S extends TSchema
      ? Static<S>
      : never
type Loose<T> = Flat<
  { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    readonly [K in keyof T as undefined extends T[K] ? K : never]?: T[K] | undefined
  }
>
type Flat<T> = { [K in keyof T]: T[K] } & {}

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
export function choice<const V extends readonly string[]>(values: V, options: { description?: string } = {}) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options })
}

/** A secret: written as text or {@link Secret}, read as {@link Secret}, shown as stars. */
export function secret(options: { description?: string } = {}) {
  return Type.Unsafe<Text>({ type: 'string', secret: true, ...options }) as TSchema &
    ReadsSecret &
    ReturnType<typeof Type.Unsafe<Text>>
}

/** Text that may hold a secret (a file's content, a line, a command's input); read as it was written. */
export function text(options: { description?: string } = {}) {
  return Type.Unsafe<Text>({ type: 'string', text: true, ...options })
}

/** Permission bits as Ansible takes them: `'0644'`, or symbolic, `'u=rw,g=r'`. A number is refused: `644` would mean 01204. */
export function mode(options: { description?: string } = {}) {
  return Type.Unsafe<string>({ type: 'string', mode: true, ...options })
}

/** A value or several of them; read as a list always. */
export function listOf<S extends TSchema>(item: S, options: { description?: string } = {}) {
  return Type.Unsafe<readonly Static<S>[] | Static<S>>({
    type: 'array',
    items: item,
    list: true,
    ...options,
  }) as unknown as TSchema & ReadsList<Static<S>> & ReturnType<typeof Type.Unsafe<readonly Static<S>[] | Static<S>>>
}
