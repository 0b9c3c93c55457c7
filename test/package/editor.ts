import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** What an editor shows of the files of a project, asked of the compiler's language service as editors ask it. */
export function editorOf(folder: string, files: readonly string[]) {
  const options: ts.CompilerOptions = {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
  }
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getScriptFileNames: () => files.map((name) => join(folder, name)),
    getScriptVersion: (path) => String(statSync(path).mtimeMs),
    getScriptSnapshot: (path) =>
      ts.sys.fileExists(path) ? ts.ScriptSnapshot.fromString(readFileSync(path, 'utf8')) : undefined,
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  })
  const at = (name: string, text: string) => {
    const place = readFileSync(join(folder, name), 'utf8').indexOf(text)
    if (place < 0) throw new Error(`${name} does not hold ${text}`)
    return place
  }
  const shown = (found: Shown | undefined) =>
    [found?.displayParts, found?.documentation, ...(found?.tags ?? []).map(({ text }) => text)]
      .map((parts) => ts.displayPartsToString(parts as ts.SymbolDisplayPart[]))
      .join('\n')
  return {
    /** What hovering over the first place of a text shows. */
    hover: (name: string, text: string) => shown(service.getQuickInfoAtPosition(join(folder, name), at(name, text))),
    /** What is proposed behind the first place of a text, with its documentation, by name. */
    proposed: (name: string, text: string) => {
      const [path, place] = [join(folder, name), at(name, text) + text.length]
      const entries = service.getCompletionsAtPosition(path, place, undefined)?.entries ?? []
      const details = (entry: string) =>
        service.getCompletionEntryDetails(path, place, entry, undefined, undefined, undefined, undefined)
      return new Map(entries.map((entry) => [entry.name, () => shown(details(entry.name))]))
    },
    program: () => {
      const program = service.getProgram()
      if (program === undefined) throw new Error('the language service has no program')
      return program
    },
  }
}

interface Shown {
  readonly displayParts?: readonly ts.SymbolDisplayPart[] | undefined
  readonly documentation?: readonly ts.SymbolDisplayPart[] | undefined
  readonly tags?: readonly ts.JSDocTagInfo[] | undefined
}

/** The comments that the properties of the first parameter of an exported function have, by function and property. */
export function parameterComments(program: ts.Program, path: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${path} is no module of the program`)
  const commentsOf = (exported: ts.Symbol) => {
    const param = checker.getTypeOfSymbol(exported).getCallSignatures()[0]?.getParameters()[0]
    const properties = param === undefined ? [] : checker.getPropertiesOfType(checker.getTypeOfSymbol(param))
    const comment = (one: ts.Symbol) => ts.displayPartsToString(one.getDocumentationComment(checker))
    return new Map(properties.map((one) => [one.name, comment(one)]))
  }
  const values = checker.getExportsOfModule(module).map((one) => [one.name, real(one, checker)] as const)
  return new Map(values.map(([name, symbol]) => [name, commentsOf(symbol)]))
}

function real(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
