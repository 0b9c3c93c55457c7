import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** One import or re-export of a file of this checkout, types included. */
export interface Import {
  readonly from: string
  readonly to: string
  /** The names that are taken; none for `import()` and `export *`. */
  readonly names: readonly string[]
}

/** The TypeScript files below these folders, as paths from the root of the checkout. */
export function filesIn(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  )
}

/** Reads what a file imports: `import`, `export … from`, `import()` and `import('…')` as a type. */
export function importsOf(file: string): readonly Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const target = targetOf(node)
    if (target?.startsWith('.') === true)
      found.push({ from: file, to: join(dirname(file), target), names: namesIn(node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function targetOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0])
  return undefined
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : undefined
}

function namesIn(node: ts.Node): readonly string[] {
  const bound = ts.isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : ts.isExportDeclaration(node)
      ? node.exportClause
      : undefined
  if (bound === undefined || ts.isNamespaceImport(bound) || ts.isNamespaceExport(bound)) return []
  return bound.elements.map(({ propertyName, name }) => (propertyName ?? name).text)
}
