import type { TObject } from '../../../lib/schema/index.ts'

/** A place in a module's parameters where text may stand. */
export interface Place {
  /** The parameter. */
  readonly parameter: string
  /** The place in the usual notation: `records[0].value`, `options{key}`. */
  readonly shown: string
  /** What stands there in the parameters that are known to be good. */
  readonly good: string
  /** The same parameters with another text there. */
  readonly put: (params: Params, text: string) => Params
}

export type Params = Readonly<Record<string, unknown>>

interface Shape {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
}

/** Parameters that take text somewhere, of whichever form: choices between fixed words are none. */
export function textParameters(schema: TObject): readonly string[] {
  const shapes = schema.properties as unknown as Readonly<Record<string, Shape>>
  return Object.keys(shapes).filter((name) => takesText(shapes[name] ?? {}))
}

function takesText(shape: Shape): boolean {
  if (shape.enum !== undefined) return false
  switch (shape.type) {
    case 'string':
      return true
    case 'array':
      return shape.items === undefined || takesText(shape.items)
    case 'object':
      // Its keys are text, whatever its values are.
      return shape.properties === undefined || Object.values(shape.properties).some(takesText)
    case undefined:
      return shape.anyOf === undefined || shape.anyOf.some(takesText)
    default:
      return false
  }
}

/** Every place of a parameter where its good value holds text: the value itself, items of lists, values and keys of mappings. */
export function placesIn(schema: TObject, parameter: string, params: Params): readonly Place[] {
  const shape = (schema.properties as unknown as Readonly<Record<string, Shape>>)[parameter] ?? {}
  return leaves(shape, params[parameter], []).map(({ path, isKey, good }): Place => ({
    parameter,
    shown: `${parameter}${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')}${isKey ? '{key}' : ''}`,
    good,
    put: (given, text) => ({ ...given, [parameter]: replaced(given[parameter], path, isKey, text) }),
  }))
}

type Path = readonly (string | number)[]
interface Leaf {
  readonly path: Path
  readonly isKey: boolean
  readonly good: string
}

function leaves(shape: Shape, value: unknown, path: Path): readonly Leaf[] {
  if (shape.enum !== undefined) return []
  if (typeof value === 'string') return [{ path, isKey: false, good: value }]
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(shape.items ?? {}, item, [...path, i]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const own = shape.properties?.[key]
    const other = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : {}
    // Keys that the schema names are not the user's.
    const keys = shape.properties === undefined ? [{ path: [...path, key], isKey: true, good: key }] : []
    return [...keys, ...leaves(own ?? other, item, [...path, key])]
  })
}

function replaced(value: unknown, [step, ...rest]: Path, isKey: boolean, text: string): unknown {
  if (step === undefined) return text
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? replaced(item, rest, isKey, text) : item))
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => {
      if (key !== step) return [key, item]
      return isKey && rest.length === 0 ? [text, item] : [key, replaced(item, rest, isKey, text)]
    }),
  )
}
