import ts from 'typescript'
import type { Declarations } from './declarations.ts'

/** A name of the package that a declaration mentions. */
export interface Mention {
  readonly symbol: ts.Symbol
  readonly name: string
  /** The file that declares it. */
  readonly place: string
}

/** What of the package the declarations of a symbol mention, each once. Private members of a class are nobody's business. */
export function mentionsOf(symbol: ts.Symbol, { checker, placeOf }: Declarations): readonly Mention[] {
  const found = new Map<ts.Symbol, Mention>()
  const see = (node: ts.Node) => {
    if (isPrivate(node)) return
    for (const name of namesIn(node)) {
      const target = resolved(checker, checker.getSymbolAtLocation(name))
      const declared = target?.declarations?.[0]
      const place = declared === undefined ? undefined : placeOf(declared)
      if (target !== undefined && place !== undefined && !isLocal(target))
        found.set(target, { symbol: target, name: target.name, place })
    }
    ts.forEachChild(node, see)
  }
  for (const declaration of symbol.declarations ?? []) see(declaration)
  found.delete(symbol)
  return [...found.values()]
}

/** What an alias stands for. */
export function resolved(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function isPrivate(node: ts.Node): boolean {
  const hidden =
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
  return hidden === true || (ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name))
}

/** The names by which a node refers to types. */
function namesIn(node: ts.Node): readonly ts.Node[] {
  if (ts.isTypeReferenceNode(node)) return [last(node.typeName)]
  if (ts.isTypeQueryNode(node)) return [last(node.exprName)]
  if (ts.isImportTypeNode(node)) return node.qualifier === undefined ? [] : [last(node.qualifier)]
  if (ts.isExpressionWithTypeArguments(node)) return [node.expression]
  return []
}

const last = (name: ts.EntityName | (ts.ImportTypeNode['qualifier'] & {})) =>
  ts.isQualifiedName(name) ? name.right : name

/** A type parameter, or a parameter of the function. */
function isLocal(symbol: ts.Symbol): boolean {
  return (symbol.flags & (ts.SymbolFlags.TypeParameter | ts.SymbolFlags.FunctionScopedVariable)) !== 0
}
