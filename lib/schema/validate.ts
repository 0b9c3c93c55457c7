import { createRequire } from 'node:module'
import type * as Ajv from 'ajv'
import { maskDeep, reveal, Secret } from '../secret.ts'
import { coerce, isRecord } from './coerce.ts'
import { fits } from './fits.ts'
import { didYouMean } from './nearest.ts'
import { unsendable } from './sendable.ts'
import type { Read, TObject, TProperties } from './types.ts'

export type Validated<P extends TProperties> =
  { readonly ok: true; readonly value: Read<P> } | { readonly ok: false; readonly problems: readonly Problem[] }

/** One thing that is wrong with a value: which property, and what about it. */
export interface Problem {
  readonly property: string
  readonly message: string
}

let ajv: Ajv.Ajv | undefined
const compiled = new WeakMap<object, Ajv.ValidateFunction>()

/**
 * Brings a written object to the form its schema describes (see {@link coerce}), fills in defaults, wraps secrets, and names everything that is wrong
 * at once.
 *
 * @param unknown - what to call a property the schema does not have: `parameter` or `variable`; with `undefined` such properties are left out.
 */
export function validate<P extends TProperties>(
  schema: TObject<P>,
  written: unknown,
  unknown: 'parameter' | 'variable' | undefined,
): Validated<P> {
  if (!isRecord(written))
    return { ok: false, problems: [{ property: '', message: `must be an object, not ${describe(written)}` }] }
  const coerced = coerce(schema, written) as Record<string, unknown>
  const names = Object.keys(schema.properties)
  const strange = unknown === undefined ? [] : Object.keys(coerced).filter((key) => !names.includes(key))
  const problems = strange.map((key): Problem => ({
    property: key,
    message: `unknown ${unknown} "${key}"${didYouMean(key, names)}`,
  }))

  const value = Object.fromEntries(names.filter((name) => name in coerced).map((name) => [name, coerced[name]]))
  const plain = unwrap(schema, value, problems)
  if (!fits(schema, plain)) problems.push(...ajvErrors(schema, plain).map(toProblem))
  problems.push(...modeProblems(schema, plain))
  if (unknown === 'parameter')
    problems.push(
      ...unsendable(schema, plain).map(({ property, why }) => ({ property, message: `"${property}" ${why}` })),
    )
  if (problems.length > 0) return { ok: false, problems: distinct(problems) }
  return { ok: true, value: Object.freeze(wrap(schema, plain, value)) as Read<P> }
}

function ajvErrors(schema: TObject, value: unknown): readonly Ajv.ErrorObject[] {
  ajv ??= newAjv()
  const check = compiled.get(schema) ?? ajv.compile({ ...schema, additionalProperties: true })
  compiled.set(schema, check)
  return check(value) ? [] : (check.errors ?? [])
}

function newAjv(): Ajv.Ajv {
  const library = createRequire(import.meta.url)('ajv') as typeof Ajv
  return new library.Ajv({ allErrors: true, useDefaults: true, strict: false, verbose: true })
}

interface Marks {
  readonly secret?: boolean
  readonly text?: boolean
  readonly mode?: boolean
}

/** ajv sees text where a secret may stand; a secret anywhere else would be shown one day, and is refused. */
function unwrap(schema: TObject, value: Record<string, unknown>, problems: Problem[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (!(item instanceof Secret)) return [name, item]
      const marks = schema.properties[name] as Marks
      if (marks.secret !== true && marks.text !== true)
        problems.push({ property: name, message: `"${name}" is no place for a secret: it would be shown` })
      return [name, reveal(item)]
    }),
  )
}

function wrap(
  schema: TObject,
  plain: Record<string, unknown>,
  value: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plain).map(([name, item]) => {
      const marks = (schema.properties[name] ?? {}) as Marks
      if (value[name] instanceof Secret) return [name, value[name]]
      return [name, marks.secret === true && typeof item === 'string' ? new Secret(item) : item]
    }),
  )
}

const octal = /^[0-7]{3,5}$/
const symbolic =
  /^[ugoa]*[-+=]([rwxXst]*|[ugo])([-+=]([rwxXst]*|[ugo]))*(,[ugoa]*[-+=]([rwxXst]*|[ugo])([-+=]([rwxXst]*|[ugo]))*)*$/

function modeProblems(schema: TObject, value: Record<string, unknown>): Problem[] {
  return Object.entries(value).flatMap(([name, mode]) => {
    if (typeof mode !== 'string' || (schema.properties[name] as Marks | undefined)?.mode !== true) return []
    if (mode === 'preserve' || octal.test(mode) || symbolic.test(mode)) return []
    const message = `"${name}" must be permission bits such as '0644' or 'u=rw,g=r', not ${describe(mode)}`
    return [{ property: name, message }]
  })
}

function toProblem(error: Ajv.ErrorObject): Problem {
  const property = pathOf(error.instancePath)
  const marks = (error.parentSchema ?? {}) as Marks
  const shown = marks.secret === true ? 'a secret of another type' : describe(error.data)
  switch (error.keyword) {
    case 'required': {
      const missing = pathOf(`${error.instancePath}/${String(error.params['missingProperty'])}`)
      return { property: missing, message: `"${missing}" is required` }
    }
    case 'enum':
      return {
        property,
        message: `"${property}" must be one of ${(error.params['allowedValues'] as unknown[]).map((v) => JSON.stringify(v)).join(', ')}, not ${shown}${
          typeof error.data === 'string'
            ? didYouMean(error.data, (error.params['allowedValues'] as unknown[]).map(String))
            : ''
        }`,
      }
    case 'type':
      return marks.mode === true
        ? { property, message: `"${property}" must be text such as '0644': the number ${shown} does not say its base` }
        : { property, message: `"${property}" must be ${article(String(error.params['type']))}, not ${shown}` }
    default:
      return { property, message: `"${property}" ${error.message ?? 'is not valid'}, not ${shown}` }
  }
}

/** `/rules/0/type` as one writes it: `rules[0].type`. */
function pathOf(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('')
    .replace(/^\./, '')
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()]
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    string: 'text',
    array: 'a list',
    object: 'a mapping',
  }
  return words[type] ?? type
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Secret) return 'a secret'
  const text = JSON.stringify(maskDeep(value)) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
