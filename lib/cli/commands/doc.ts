import type { AnyDefinition } from '../../play/module.ts'
import { wrap } from '../options/usage.ts'

/** A module with the name under which playbooks import it (`package` is a reserved word, so it is `pkg`). */
export interface Documented {
  readonly importName: string
  readonly definition: AnyDefinition
}

const width = 96

/** One line for each module. */
export function moduleList(modules: readonly Documented[]): string {
  const widest = Math.max(0, ...modules.map(({ definition }) => definition.name.length))
  return modules.map(({ definition: { name, summary } }) => `${name.padEnd(widest)}  ${summary}\n`).join('')
}

/** The page of one module: what it does, its parameters, and how it is called. */
export function modulePage({ importName, definition }: Documented): string {
  const { name, summary, params, examples } = definition
  const imported = importName === name ? '' : `\nIn playbooks: ${importName}({ … })\n`
  const parameters = Object.entries(params).map(([param, schema]) => parameterText(param, schema as Shape))
  const shown = examples.map((example) => exampleText(importName, example))
  return [
    `${name}\n\n${indented(wrap(summary, width), '  ')}${imported}`,
    ...(parameters.length === 0 ? [] : [`\nParameters (* must be given):\n\n${parameters.join('')}`]),
    ...(shown.length === 0 ? [] : [`\nExamples:\n\n${shown.join('\n')}`]),
  ].join('')
}

/** What our schemas say of a value, as far as a page tells it. */
interface Shape {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
  readonly secret?: boolean
  readonly mode?: boolean
  readonly '~optional'?: unknown
}

function parameterText(name: string, schema: Shape): string {
  const isOptional = '~optional' in schema || schema.default !== undefined
  const facts = [
    typeText(schema),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ]
  const description = schema.description === undefined ? '' : indented(wrap(schema.description, width - 8), '        ')
  return `  ${isOptional ? ' ' : '*'} ${name}: ${facts.join(', ')}\n${description}`
}

function typeText(schema: Shape): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeText))].join(' | ')
  if (schema.secret === true) return 'secret'
  if (schema.mode === true) return "mode ('0644', 'u=rw,g=r')"
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeText(schema.items)}`
  if (schema.type === 'object' && schema.properties !== undefined)
    return `{ ${Object.entries(schema.properties)
      .map(([key, item]) => `${key}${'~optional' in item ? '?' : ''}: ${typeText(item)}`)
      .join(', ')} }`
  if (typeof schema.additionalProperties === 'object') return `names with ${typeText(schema.additionalProperties)}`
  if (schema.type === undefined) return 'anything'
  return typeof schema.type === 'string' ? schema.type : schema.type.join(' | ')
}

function exampleText(importName: string, { name, params }: AnyDefinition['examples'][number]): string {
  return `  // ${name}\n  ${importName}(${literal(params, '  ')})\n`
}

/** Data as one writes it in TypeScript. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null || typeof value !== 'object') return String(value)
  if ('toJSON' in value) return quoted('…')
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const parts = isList
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [`${propertyName(key)}: ${literal(item, inner)}`],
      )
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return open + close
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  if (line.length <= 80 && !line.includes('\n')) return line
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function propertyName(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : quoted(key)
}

function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => `${indent}${line}\n`).join('')
}
