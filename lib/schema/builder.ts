/**
 * A JSON Schema that carries the type of the values it describes. The schema is what ajv validates with and what documentation is made from; the type is
 * what the compiler checks playbooks with.
 */
export interface TSchema {
  /** Never there; carries the type of the values. */
  readonly '~static': unknown
}

/** The type of the values that a schema describes. */
export type Static<S extends TSchema> = S['~static']

/** A schema for values of this type. */
export interface Typed<T> extends TSchema {
  /** Never there; carries the type of the values. */
  readonly '~static': T
}

/** Marks a property that may be left out. */
export interface TOptional {
  /** Never there; tells the compiler. */
  readonly '~optional': true
}

/** The schema of each parameter or variable, by name. */
export type TProperties = Readonly<Record<string, TSchema>>

/** A schema for mappings with these properties. */
export interface TObject<P extends TProperties = TProperties> extends TSchema {
  /** Never there; carries the type of the values. */
  readonly '~static': StaticObject<P>
  /** JSON Schema's name for mappings. */
  readonly type: 'object'
  /** The schema of each property. */
  readonly properties: P
  /** The properties that must be given. */
  readonly required?: readonly string[]
}

/** The names of the properties that may be left out. */
export type OptionalNames<P> = { [K in keyof P]: P[K] extends TOptional ? K : never }[keyof P]

/**
 * The type of a mapping with these properties. Its properties are mapped from those of `P`, not filtered with `as`: so an editor shows for each the comment that
 * the schema's property has.
 */
export type StaticObject<P extends TProperties> = {
  readonly [K in keyof Pick<P, Exclude<keyof P, OptionalNames<P>>>]: Static<P[K]>
} & { readonly [K in keyof Pick<P, OptionalNames<P>>]?: Static<P[K]> }

/** JSON Schema's own keywords, and what this project adds. */
export interface SchemaOptions {
  /** What the value means, for whoever reads the documentation. */
  readonly description?: string
  /** The value where none is given. In a parameter: use `withDefault`, which tells the compiler too. */
  readonly default?: unknown
  /** The fewest characters. */
  readonly minLength?: number
  /** The most characters. */
  readonly maxLength?: number
  /** A regular expression (of JavaScript) that matches somewhere in the text. */
  readonly pattern?: string
  /** The least number. */
  readonly minimum?: number
  /** The greatest number. */
  readonly maximum?: number
  /** Greater than this. */
  readonly exclusiveMinimum?: number
  /** Less than this. */
  readonly exclusiveMaximum?: number
  /** The fewest items. */
  readonly minItems?: number
  /** Whether a mapping may hold other names; true by default. */
  readonly additionalProperties?: boolean
}

const make = <T>(schema: object): Typed<T> => schema as Typed<T>
const isOptional = (schema: TSchema) => '~optional' in schema

/** Builders of schemas, under JSON Schema's names. */
export const Type = {
  /** Text. */
  String: (options: SchemaOptions = {}) => make<string>({ type: 'string', ...options }),
  /** A whole number. */
  Integer: (options: SchemaOptions = {}) => make<number>({ type: 'integer', ...options }),
  /** A number. */
  Number: (options: SchemaOptions = {}) => make<number>({ type: 'number', ...options }),
  /** True or false; Ansible's `yes`, `on`, `no` and `off` are read as well. */
  Boolean: (options: SchemaOptions = {}) => make<boolean>({ type: 'boolean', ...options }),
  /** Any value. */
  Unknown: (options: SchemaOptions = {}) => make<unknown>({ ...options }),
  /** A list of values that each fit `items`. */
  Array: <S extends TSchema>(items: S, options: SchemaOptions = {}) =>
    make<readonly Static<S>[]>({ type: 'array', items, ...options }),
  /** A mapping from any names to values that each fit `value`. */
  Record: <S extends TSchema>(_key: Typed<string>, value: S, options: SchemaOptions = {}) =>
    make<Readonly<Record<string, Static<S>>>>({ type: 'object', additionalProperties: value, ...options }),
  /** A value that fits one of these schemas. */
  Union: <const S extends readonly TSchema[]>(anyOf: S, options: SchemaOptions = {}) =>
    make<Static<S[number]>>({ anyOf, ...options }),
  /** Any JSON Schema, whose type the caller knows. */
  Unsafe: <T>(schema: object) => make<T>(schema),
  /** A mapping with these properties and no other. */
  Object: <const P extends TProperties>(properties: P, options: SchemaOptions = {}): TObject<P> => {
    const required = Object.entries(properties).flatMap(([name, schema]) => (isOptional(schema) ? [] : [name]))
    return { type: 'object', properties, required, ...options } as unknown as TObject<P>
  },
  /** A property that may be left out. */
  Optional: <S extends TSchema>(schema: S): S & TOptional => ({ ...schema, '~optional': true }) as S & TOptional,
} as const
