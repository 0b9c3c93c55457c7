import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { OnResolveArgs, OnResolveResult, PluginBuild } from 'esbuild'
import { HostwrightError } from '../../error.ts'
import { libraryByFile, libraryByName } from './library.ts'

/** What the imports of a file lead to. */
export interface Imports {
  /** The playbook's own files among them. */
  readonly own: Set<string>
  /** The texts of the files that say what is imported. */
  readonly sources: Map<string, string>
  /** What stands in an import for a file of the playbook's own. */
  readonly nameOf: (path: string) => string
}

const again = 'again'

/** Names what an import leads to: a file of the playbook's own as it is told, anything else by its URL. Throws where only a loader can tell. */
export async function resolveImport(
  args: OnResolveArgs,
  build: PluginBuild,
  imports: Imports,
): Promise<OnResolveResult | undefined> {
  const { path: specifier, kind, importer, resolveDir } = args
  if (kind === 'entry-point' || args.pluginData === again) return undefined
  const named = libraryByName(specifier)
  if (named?.endsWith('.ts') === true)
    return { path: importTarget(fileURLToPath(named), args, imports), external: true, sideEffects: false }
  if (named !== undefined) return ofLibrary(named)
  const found = await build.resolve(specifier, { kind, importer, resolveDir, with: args.with, pluginData: again })
  if (found.errors.length > 0) return { errors: found.errors }
  if (found.external) return { path: specifier, external: true }
  if (found.namespace !== 'file' || found.suffix !== '') throw new Unusual(specifier)
  const library = libraryByFile(found.path)
  if (library === 'internal') return { errors: [{ text: specifier, detail: internalFile(specifier) }] }
  return library === undefined ? { path: importTarget(found.path, args, imports), external: true } : ofLibrary(library)
}

/** The list of all modules, or playbooks, becomes part of the file that imports it, with those that it has no use for left out. */
function ofLibrary(url: string): OnResolveResult {
  const whole = /\/(modules|playbooks)\/index\.js$/.test(url)
  return { ...(whole ? { path: fileURLToPath(url) } : { path: url, external: true }), sideEffects: false }
}

function importTarget(path: string, { with: attributes }: OnResolveArgs, { own, sources, nameOf }: Imports): string {
  const isPackaged = path.includes(`${sep}node_modules${sep}`)
  if (!isPackaged && /\.m?[jt]s$/.test(path)) {
    own.add(path)
    return nameOf(path)
  }
  if (!/\.[mc]?js$/.test(path) && !(path.endsWith('.json') && attributes['type'] === 'json')) throw new Unusual(path)
  if (isPackaged) packageOf(path, sources)
  return pathToFileURL(path).href
}

/** Throws if a file imports what shows only when it runs, has the older decorators perhaps, or is read as the older kind of module. */
export function refuseUnusual(path: string, text: string, sources: Map<string, string>): void {
  const computedImport = /\bimport\s*\(\s*(?!(["'])[^"'\n]*\1\s*[,)])|\bimport\.meta\.resolve\b/
  const require = /\b(createRequire\b|require\s*[(.])/
  const decorator = /^\s*@[\w(]/m
  if (computedImport.test(text) || require.test(text) || (/\bclass\b/.test(text) && decorator.test(text)))
    throw new Unusual(path)
  if (!path.endsWith('.mts') && !path.endsWith('.mjs') && packageOf(path, sources)['type'] !== 'module')
    throw new Unusual(path)
}

/** The package.json that rules over a file. */
function packageOf(path: string, sources: Map<string, string>): Readonly<Record<string, unknown>> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const text = readFileSync(file, 'utf8')
      sources.set(file, text)
      return JSON.parse(text) as Record<string, unknown>
    }
    if (folder === dirname(folder)) return {}
  }
}

class Unusual extends Error {}

function internalFile(specifier: string): HostwrightError {
  return new HostwrightError(`${specifier} is an internal file of hostwright`, {
    kind: 'input',
    next: 'import what lib/index.ts and modules/ export, or run the playbook from the sources: npx tsx PLAYBOOK.ts',
  })
}
