import ts from 'typescript'
import type { Declarations } from './declarations.ts'
import type { Face } from './faces.ts'
import { mentionsOf, resolved } from './mentions.ts'

/** A name that a face exports. */
export interface Exported {
  readonly face: Face
  /** The namespace that it is in (`barman`); empty outside of one. */
  readonly namespace: string
  readonly name: string
  readonly symbol: ts.Symbol
}

/** What a face exports, by namespace and name. */
export function exportedBy(face: Face, declarations: Declarations): readonly Exported[] {
  const { checker, moduleOf } = declarations
  const inside = (module: ts.Symbol, namespace: string): readonly Exported[] =>
    checker.getExportsOfModule(module).flatMap((found) => {
      const symbol = resolved(checker, found)
      if (symbol === undefined) return []
      return symbol.flags & ts.SymbolFlags.ValueModule
        ? inside(symbol, `${namespace}${found.name}.`)
        : [{ face, namespace: namespace.slice(0, -1), name: found.name, symbol }]
    })
  const key = ({ namespace, name }: Exported) => `${namespace}.${name}`
  return [...inside(moduleOf(face), '')].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** What public declarations mention and no face exports: nobody can write its name. */
export function unnamed(exported: readonly Exported[], declarations: Declarations): readonly string[] {
  const known = new Set(exported.map(({ symbol }) => symbol))
  const found = exported.flatMap(({ face, namespace, name, symbol }) =>
    mentionsOf(symbol, declarations)
      .filter((mention) => !known.has(mention.symbol))
      .map((mention) => `${mention.place}: ${mention.name}, mentioned by ${[face.name, namespace, name].join(' ')}`),
  )
  return [...new Set(found)].sort()
}
