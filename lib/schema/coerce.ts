import { Secret } from '../secret.ts'
import { booleanOf } from './boolean.ts'
import type { TSchema } from './types.ts'

interface Shape {
  readonly type?: string
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly items?: TSchema
  readonly secret?: boolean
  readonly text?: boolean
  readonly list?: boolean
}

/**
 * What was written, brought to the form the schema describes, as Ansible does it: `'yes'` is true where a boolean is wanted, `'5432'` a number, `5432`
 * text, `'a,b'` a list. What cannot be brought there stays as it is, for the validation to name. Undefined properties are left out.
 */
export function coerce(schema: TSchema, value: unknown): unknown {
  const shape = schema as Shape
  if (value instanceof Secret) return value
  switch (shape.type) {
    case 'boolean':
      return toBoolean(value)
    case 'integer':
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
        ? toText(shape, value)
        : value
    case 'array':
      return toList(shape, value)
    case 'object':
      return isRecord(value) ? toObject(shape, value) : value
    case undefined:
    default:
      return value
  }
}

function toBoolean(value: unknown): unknown {
  if (value === 0 || value === 1) return value === 1
  return typeof value === 'string' ? (booleanOf(value) ?? value) : value
}

function toText(shape: Shape & { mode?: boolean; enum?: unknown }, value: number | boolean | bigint): unknown {
  return shape.mode === true || shape.enum !== undefined ? value : String(value)
}

function toList(shape: Shape, value: unknown): unknown {
  const items = shape.items
  const list = Array.isArray(value)
    ? value
    : typeof value === 'string' && shape.list === true
      ? value.split(',').map((item) => item.trim())
      : value !== undefined && value !== null && shape.list === true
        ? [value]
        : undefined
  return list === undefined ? value : items === undefined ? list : list.map((item) => coerce(items, item))
}

function toObject(shape: Shape, value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, shape.properties?.[key] === undefined ? item : coerce(shape.properties[key], item)]),
  )
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Secret)
}
