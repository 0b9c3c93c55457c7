import { join } from 'node:path'
import ts from 'typescript'
import { root, type Face } from './faces.ts'

/** The declarations of the package, as its build makes them, without comments. */
export interface Declarations {
  readonly checker: ts.TypeChecker
  /** The module that a face is. */
  moduleOf(face: Face): ts.Symbol
  /** The path of a declaration from the root of the checkout; undefined for what is not declared in this package. */
  placeOf(node: ts.Node): string | undefined
}

/** Makes the declarations of these faces, in memory. */
export function declarationsOf(faces: readonly Face[]): Declarations {
  const options = compilerOptions()
  const host = ts.createCompilerHost(options)
  const made = new Map<string, string>()
  const sources = ts.createProgram(
    faces.map(({ file }) => join(root, file)),
    options,
    host,
  )
  sources.emit(undefined, (name, text) => made.set(name, text), undefined, true)
  const roots = faces.map(({ file }) => join(root, file.replace(/\.ts$/, '.d.ts')))
  const program = ts.createProgram(roots, options, onlyDeclarations(host, made))
  const checker = program.getTypeChecker()
  return {
    checker,
    moduleOf: ({ file }) => {
      const source = program.getSourceFile(join(root, file.replace(/\.ts$/, '.d.ts')))
      const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source)
      if (symbol === undefined) throw new Error(`${file} is no module`)
      return symbol
    },
    placeOf: (node) => {
      const { fileName } = node.getSourceFile()
      return made.has(fileName) ? fileName.slice(root.length) : undefined
    },
  }
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object
  }
  const { paths: _, ...options } = ts.parseJsonConfigFileContent(config, ts.sys, root).options
  return { ...options, noEmit: false, emitDeclarationOnly: true, declaration: true, removeComments: true }
}

/** A checkout that has these declarations in place of its sources. */
function onlyDeclarations(host: ts.CompilerHost, made: ReadonlyMap<string, string>): ts.CompilerHost {
  const isSource = (name: string) => made.has(name.replace(/\.ts$/, '.d.ts'))
  return {
    ...host,
    fileExists: (name) => made.has(name) || (!isSource(name) && host.fileExists(name)),
    readFile: (name) => made.get(name) ?? host.readFile(name),
    getSourceFile: (name, language) => {
      const text = made.get(name)
      return text === undefined ? host.getSourceFile(name, language) : ts.createSourceFile(name, text, language, true)
    },
  }
}
