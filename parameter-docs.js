/**
 * Writes what the schemas of modules say of their parameters into the declarations of dist, as comments: an editor shows them where a playbook gives a
 * parameter. Runs after the compiler.
 *
 *   node parameter-docs.js [FOLDER]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

const folder = join(resolve(process.argv[2] ?? 'dist'), 'modules')
const modules = await import(pathToFileURL(join(folder, 'index.js')).href)
const undocumented = new Set(Object.keys(modules))

for (const name of readdirSync(folder).filter((name) => name.endsWith('.d.ts'))) {
  const file = join(folder, name)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const comments = source.statements.flatMap((node) =>
    ts.isVariableStatement(node) ? node.declarationList.declarations.flatMap(commentsOf) : [],
  )
  writeFileSync(file, withComments(source.text, comments))
}
if (undocumented.size > 0) throw new Error(`no declaration of ${[...undocumented].join(', ')} was found in ${folder}`)

/** The comments for a module's parameters, each with the place where it goes. */
function commentsOf({ name, type }) {
  const params = type?.typeArguments?.[0]
  if (params === undefined || !ts.isTypeLiteralNode(params) || !undocumented.delete(name.text)) return []
  return commentsIn(params, modules[name.text].definition.params)
}

function commentsIn(literal, properties) {
  return literal.members.flatMap((member) => {
    const schema = properties[member.name.text]
    const lines = linesOf(schema)
    const inner = literalsIn(member.type).flatMap((node) => commentsIn(node, propertiesNamed(namesOf(node), schema)))
    return lines.length === 0 ? inner : [{ at: member.getStart(), lines }, ...inner]
  })
}

/** The outermost mappings that a type is made of. */
function literalsIn(node) {
  return ts.isTypeLiteralNode(node) ? [node] : node.getChildren().flatMap(literalsIn)
}

function namesOf(literal) {
  return literal.members.map(({ name }) => name.text)
}

/** The properties of the mapping with these names, in a schema of a list, a choice or a mapping. */
function propertiesNamed(names, schema) {
  const { properties, items, anyOf = [], additionalProperties } = schema
  if (properties !== undefined && names.every((name) => Object.hasOwn(properties, name))) return properties
  const inner = [items, ...anyOf, additionalProperties, ...Object.values(properties ?? {})]
  const found = inner.filter((one) => typeof one === 'object').map((one) => propertiesNamed(names, one))
  return found.find((one) => Object.keys(one).length > 0) ?? {}
}

function linesOf(schema) {
  if (schema === undefined) return []
  const { description, enum: choices, default: given } = schema
  return [
    ...(description === undefined ? [] : [description]),
    ...(choices === undefined ? [] : [`One of ${choices.map((one) => `\`${one}\``).join(', ')}.`]),
    ...(given === undefined ? [] : [`@default ${JSON.stringify(given)}`]),
  ]
}

function withComments(text, comments) {
  return comments
    .toSorted((a, b) => b.at - a.at)
    .reduce((rest, { at, lines }) => {
      const indent = /[ \t]*$/.exec(rest.slice(0, at))[0]
      const body = lines
        .flatMap((line) => line.replaceAll('*/', '*\\/').split('\n'))
        .join(`\n${indent} *\n${indent} * `)
      return `${rest.slice(0, at)}/**\n${indent} * ${body}\n${indent} */\n${indent}${rest.slice(at)}`
    }, text)
}
