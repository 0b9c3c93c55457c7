import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A name that a face of the package exports, or a member of what it exports. */
export interface PublicName {
  /** As a program writes it: `hostwright/kit: postgres.Login.port`. */
  readonly name: string
  readonly documented: boolean
  /** The file, from the root of the checkout, and the line of its declaration. */
  readonly at: string
}

/** Lists every name that these files export, with the members of types, classes and objects that are declared in this package. */
export function publicNames(faces: Readonly<Record<string, string>>): readonly PublicName[] {
  const program = ts.createProgram(
    Object.values(faces).map((file) => root + file),
    compilerOptions(),
  )
  const checker = program.getTypeChecker()
  return Object.entries(faces).flatMap(([face, file]) => {
    const source = program.getSourceFile(root + file)
    const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    if (symbol === undefined) throw new Error(`${file} is no module`)
    return exportsOf(checker, symbol, `${face}: `)
  })
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: object }
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options
}

function exportsOf(checker: ts.TypeChecker, module: ts.Symbol, prefix: string): readonly PublicName[] {
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const name = `${prefix}${exported.name}`
    if (symbol.flags & ts.SymbolFlags.ValueModule) return exportsOf(checker, symbol, `${name}.`)
    return [nameOf(checker, symbol, name), ...membersOf(symbol).map((m) => nameOf(checker, m, `${name}.${m.name}`))]
  })
}

function nameOf(checker: ts.TypeChecker, symbol: ts.Symbol, name: string): PublicName {
  const documented = symbol.getDocumentationComment(checker).length > 0 || (symbol.declarations ?? []).some(isDescribed)
  return { name, documented, at: placeOf(symbol.declarations?.[0]) }
}

/** A parameter of a module: its schema has the description. */
function isDescribed(node: ts.Declaration): boolean {
  return ts.isPropertyAssignment(node) && /\bdescription:/.test(node.initializer.getText())
}

function placeOf(node: ts.Declaration | undefined): string {
  if (node === undefined) return '?'
  const source = node.getSourceFile()
  return `${source.fileName.slice(root.length)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}

/** The members that a declaration of this package writes out. A private member, a constructor and an index have no name. */
function membersOf(symbol: ts.Symbol): readonly ts.Symbol[] {
  const found = (symbol.declarations ?? []).flatMap(memberNodes)
  return found.flatMap((node) => {
    const own = (node as { readonly symbol?: ts.Symbol }).symbol
    const hidden =
      ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
    return own === undefined ||
      node.name === undefined ||
      ts.isPrivateIdentifier(node.name) ||
      ts.isComputedPropertyName(node.name) ||
      hidden
      ? []
      : [own]
  })
}

type Named = ts.NamedDeclaration

function memberNodes(node: ts.Declaration): readonly Named[] {
  if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) return [...node.members]
  if (ts.isTypeAliasDeclaration(node)) return typeMembers(node.type)
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) return objectMembers(node.initializer)
  return []
}

function typeMembers(node: ts.TypeNode): readonly Named[] {
  if (ts.isTypeLiteralNode(node)) return [...node.members]
  if (ts.isParenthesizedTypeNode(node)) return typeMembers(node.type)
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types.flatMap(typeMembers)
  return []
}

function objectMembers(node: ts.Expression): readonly Named[] {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return objectMembers(node.expression)
  return ts.isObjectLiteralExpression(node) ? [...node.properties] : []
}
