import { isRecord } from './coerce.ts'
import type { TSchema } from './types.ts'

interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>
}

type Check = (rule: never, value: unknown, schema: TSchema, fills: boolean) => boolean

/** What only describes, or is looked at elsewhere. */
const notes = new Set(['description', 'default', 'secret', 'text', 'mode', 'list', '~optional'])

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isRecord,
  null: (value) => value === null,
}

const ofText = (test: (rule: number, length: number) => boolean) => (rule: number, value: unknown) =>
  typeof value !== 'string' || test(rule, [...value].length)
const ofNumber = (test: (rule: number, value: number) => boolean) => (rule: number, value: unknown) =>
  typeof value !== 'number' || test(rule, value)

const checks: ReadonlyMap<string, Check> = new Map<string, Check>(
  Object.entries({
    type: (rule: string | readonly string[], value) => [rule].flat().some((name) => types[name]?.(value) === true),
    enum: (rule: readonly unknown[], value) => rule.includes(value),
    const: (rule: unknown, value) => rule === value,
    anyOf: (rule: readonly TSchema[], value) => rule.some((one) => fits(one, value, false)),
    minLength: ofText((rule, length) => length >= rule),
    maxLength: ofText((rule, length) => length <= rule),
    pattern: (rule: string, value) => typeof value !== 'string' || new RegExp(rule, 'u').test(value),
    minimum: ofNumber((rule, value) => value >= rule),
    maximum: ofNumber((rule, value) => value <= rule),
    exclusiveMinimum: ofNumber((rule, value) => value > rule),
    exclusiveMaximum: ofNumber((rule, value) => value < rule),
    minItems: (rule: number, value) => !Array.isArray(value) || value.length >= rule,
    items: (rule: TSchema, value, _schema, fills) =>
      !Array.isArray(value) || value.every((item) => fits(rule, item, fills)),
    properties: (rule: NonNullable<Shape['properties']>, value, _schema, fills) =>
      !isRecord(value) ||
      Object.entries(rule).every(([name, one]) => value[name] === undefined || fits(one, value[name], fills)),
    required: (rule: readonly string[], value) =>
      !isRecord(value) || rule.every((name) => Object.hasOwn(value, name) && value[name] !== undefined),
    additionalProperties: (rule: boolean | TSchema, value, schema, fills) =>
      !isRecord(value) ||
      rule === true ||
      Object.entries(value).every(
        ([name, item]) =>
          Object.hasOwn((schema as Shape).properties ?? {}, name) || (rule !== false && fits(rule, item, fills)),
      ),
  } satisfies Readonly<Record<string, Check>>),
)

/**
 * Whether a value certainly fits, with the defaults of what it leaves out filled in as ajv does. `false` says only that it is for ajv to judge: something is
 * wrong, or the schema holds what is not known here. What is right, as nearly everything is, then needs no ajv, which takes longer to load than most runs
 * take to plan.
 */
export function fits(schema: TSchema, value: unknown, fills = true): boolean {
  if (fills) fillIn(schema, value)
  for (const [keyword, rule] of Object.entries(schema))
    if (!notes.has(keyword) && checks.get(keyword)?.(rule as never, value, schema, fills) !== true) return false
  return true
}

const filled = new WeakMap<TSchema, readonly (readonly [name: string, given: unknown])[]>()

/** What a schema's properties are when nothing is said of them. */
function defaultsOf(schema: TSchema): readonly (readonly [name: string, given: unknown])[] {
  const known = filled.get(schema)
  if (known !== undefined) return known
  const found = Object.entries((schema as Shape).properties ?? {}).flatMap(([name, one]) => {
    const { default: given } = one as { readonly default?: unknown }
    return given === undefined ? [] : [[name, given] as const]
  })
  filled.set(schema, found)
  return found
}

function fillIn(schema: TSchema, value: unknown): void {
  if (!isRecord(value)) return
  for (const [name, given] of defaultsOf(schema))
    if (value[name] === undefined) value[name] = typeof given === 'object' ? structuredClone(given) : given
}
