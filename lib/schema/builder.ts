/**
 * A JSON Schema that carries the type of the values it describes. The schema is what ajv validates with and what documentation is made from; the type is
 * what the compiler checks playbooks with.
 */
export interface TSchema {
  readonly '~static': unknown
}

export type Static<S extends TSchema> = S['~static']

/** A schema for values of this type. */
export interface Typed<T> extends TSchema {
  readonly '~static': T
}

/** Marks a property that may be left out. */
export interface TOptional {
  readonly '~optional': true
}

export type TProperties = Readonly<Record<string, TSchema>>

export interface TObject<P extends TProperties = TProperties> extends TSchema {
  readonly '~static': StaticObject<P>
  readonly type: 'object'
  readonly properties: P
  readonly required?: readonly string[]
}

type StaticObject<P extends TProperties> = {
  readonly [K in keyof P as P[K] extends TOptional ? never : K]: Static<P[K]>
} & { readonly [K in keyof P as P[K] extends TOptional ? K : never]?: Static<P[K]> }

/** JSON Schema's own keywords, and what this project adds. */
export interface Options {
  readonly description?: string
  readonly default?: unknown
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minItems?: number
  readonly additionalProperties?: boolean
}

const make = <T>(schema: object): Typed<T> => schema as Typed<T>
const isOptional = (schema: TSchema) => '~optional' in schema

/** Builders of schemas, under JSON Schema's names. */
export const Type = {
  String: (options: Options = {}) => make<string>({ type: 'string', ...options }),
  Integer: (options: Options = {}) => make<number>({ type: 'integer', ...options }),
  Number: (options: Options = {}) => make<number>({ type: 'number', ...options }),
  Boolean: (options: Options = {}) => make<boolean>({ type: 'boolean', ...options }),
  Unknown: (options: Options = {}) => make<unknown>({ ...options }),
  Array: <S extends TSchema>(items: S, options: Options = {}) =>
    make<readonly Static<S>[]>({ type: 'array', items, ...options }),
  Record: <S extends TSchema>(_key: Typed<string>, value: S, options: Options = {}) =>
    make<Readonly<Record<string, Static<S>>>>({ type: 'object', additionalProperties: value, ...options }),
  Union: <const S extends readonly TSchema[]>(anyOf: S, options: Options = {}) =>
    make<Static<S[number]>>({ anyOf, ...options }),
  /** Any JSON Schema, whose type the caller knows. */
  Unsafe: <T>(schema: object) => make<T>(schema),
  Object: <const P extends TProperties>(properties: P, options: Options = {}): TObject<P> => {
    const required = Object.entries(properties).flatMap(([name, schema]) => (isOptional(schema) ? [] : [name]))
    return { type: 'object', properties, required, ...options } as unknown as TObject<P>
  },
  Optional: <S extends TSchema>(schema: S): S & TOptional => ({ ...schema, '~optional': true }) as S & TOptional,
} as const
