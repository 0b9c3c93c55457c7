import ts from 'typescript'
import { tidied } from './tidied.ts'

/** What of a module its types do not say. */
export interface Definition {
  readonly params: Readonly<Record<string, { readonly default?: unknown }>>
}

/** A module as the report shows it: each parameter with its type and default, and the result. */
export function moduleText(name: string, type: ts.Type, definition: Definition, checker: ts.TypeChecker): string {
  const [params, result] = checker.getTypeArguments(type as ts.TypeReference)
  if (params === undefined || result === undefined) throw new Error(`${name} is no Module<…>`)
  const lines = checker.getPropertiesOfType(params).map((param) => {
    const schema = checker.getTypeOfSymbol(param)
    const given = definition.params[param.name]?.default
    const star = schema.getProperty('~optional') === undefined ? '*' : ' '
    const value = given === undefined ? '' : ` = ${JSON.stringify(given)}`
    return `  ${star} ${param.name}: ${shown(written(schema, checker), checker)}${value}\n`
  })
  return `${name} → ${shown(result, checker)}\n${lines.join('')}`
}

/** The type of a parameter's values. */
function written(schema: ts.Type, checker: ts.TypeChecker): ts.Type {
  const property = schema.getProperty('~static')
  if (property === undefined) throw new Error(`${checker.typeToString(schema)} is no schema`)
  return checker.getTypeOfSymbol(property)
}

function shown(type: ts.Type, checker: ts.TypeChecker): string {
  return tidied(checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation))
}
