import { isRecord } from './coerce.ts'
import type { TSchema } from './types.ts'

interface Shape {
  readonly type?: string
  /** Content, which may hold anything; false: text, although its type may be another. */
  readonly text?: boolean
  readonly anyOf?: readonly TSchema[]
  readonly items?: TSchema
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly additionalProperties?: TSchema | boolean
}

const anything = {} as TSchema

/** A place where text stands that no argument, path or statement can hold. */
export interface Unsendable {
  /** As one writes it: `records[0].value`. */
  readonly property: string
  readonly why: string
}

/**
 * Text with a NUL byte, which ends it for every program, or with half of a surrogate pair, which would be sent as another character. Content of files and
 * standard input (`text`) may hold a NUL byte.
 */
export function unsendable(schema: TSchema, value: unknown, property = ''): readonly Unsendable[] {
  const shape = schema as Shape
  if (typeof value === 'string') {
    const isText =
      shape.text === false ||
      shape.type === 'string' ||
      shape.anyOf?.some((one) => (one as Shape).type === 'string') === true
    const why = reason(value, !isText || shape.text === true)
    return why === undefined ? [] : [{ property, why }]
  }
  if (Array.isArray(value)) {
    const items = shape.items ?? shape.anyOf?.map((one) => (one as Shape).items).find((one) => one !== undefined)
    return value.flatMap((item, i) =>
      unsendable(items ?? (shape.text === false ? schema : anything), item, `${property}[${i}]`),
    )
  }
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const named = shape.properties?.[key]
    const own = named ?? shape.additionalProperties
    // What the schema does not name is text of the user's own.
    const why = named === undefined && property !== '' ? reason(key, false) : undefined
    return [
      ...(why === undefined ? [] : [{ property, why: `has a key that ${why}` }]),
      ...unsendable(typeof own === 'object' ? own : anything, item, property === '' ? key : `${property}.${key}`),
    ]
  })
}

function reason(text: string, isContent: boolean): string | undefined {
  if (!isContent && text.includes('\0')) return 'holds a NUL byte, which no argument, path or statement can hold'
  return /\p{Surrogate}/u.test(text) ? 'holds half of a surrogate pair, which is no character' : undefined
}
