import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildFailure, BuildOptions, OutputFile, PartialMessage, PluginBuild } from 'esbuild'
import { HostwrightError, type Place } from '../../error.ts'
import { type Imports, refuseUnusual, resolveImport } from './playbook-imports.ts'
import { digest } from '../../digest.ts'

/** JavaScript made from a playbook and the files of its own that it imports. */
export interface Compiled {
  /** A file for each module, by its name; they import one another by these names. */
  readonly files: ReadonlyMap<string, string>
  /** The one of them that is the playbook itself. */
  readonly entry: string
  /** What all of it was made from, by path: the sources, and the package.json files that say how they and their imports are read. */
  readonly sources: ReadonlyMap<string, string>
}

interface Part {
  readonly path: string
  readonly code: string
  readonly map: string
  /** The playbook's own files that it imports. */
  readonly imports: ReadonlySet<string>
}

/**
 * Compiles a playbook, or gives nothing when it does what has to be left to a loader. Each module stays a file of its own, so that modules run in the order,
 * and know the `import.meta`, that they would uncompiled; everything else that they import is named by its URL.
 *
 * @param maker - what the files depend on beside their sources: goes into their names.
 */
export async function compilePlaybook(file: string, maker: string): Promise<Compiled | undefined> {
  const esbuild = await import('esbuild')
  const sources = new Map<string, string>()
  const parts = new Map<string, Part>()
  const compile = async (path: string): Promise<Part> => {
    const text = readFileSync(path, 'utf8')
    sources.set(path, text)
    refuseUnusual(path, text, sources)
    const imports: Imports = { own: new Set(), sources, nameOf: standIn }
    const setup = (build: PluginBuild) =>
      build.onResolve({ filter: /./ }, (args) => resolveImport(args, build, imports))
    const { outputFiles } = await esbuild.build({ ...optionsFor(path), plugins: [{ name: 'imports', setup }] })
    return { path, code: outputOf(outputFiles, '.js'), map: outputOf(outputFiles, '.map'), imports: imports.own }
  }
  try {
    for (let wave = [file]; wave.length > 0;) {
      const compiled = await Promise.all(wave.map(compile))
      for (const part of compiled) parts.set(part.path, part)
      wave = [...new Set(compiled.flatMap((part) => [...part.imports]))].filter((path) => !parts.has(path))
    }
    return finished(file, parts, sources, maker)
  } catch (thrown) {
    const [refused] =
      (thrown as Partial<BuildFailure>).errors?.filter(({ detail }) => detail instanceof HostwrightError) ?? []
    if (refused !== undefined) throw (refused.detail as HostwrightError).at({ place: placeOf(refused) })
    // Whatever else it is, the loader takes it, or says what is wrong.
    return undefined
  } finally {
    await esbuild.stop()
  }
}

function optionsFor(path: string) {
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  return {
    entryPoints: [path],
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.10',
    logLevel: 'silent',
    tsconfigRaw: '{}',
    // What Node looks at in a package, and nothing else.
    conditions: [],
    mainFields: ['main'],
    sourcemap: 'external',
    sourcesContent: false,
    banner: { js: `Object.assign(import.meta, ${JSON.stringify(meta)})` },
  } satisfies BuildOptions
}

/** As long as the name that takes its place, which depends on what is not known yet: columns stay where the source map has them. */
const standIn = (path: string): string => `./${digest(path, 16)}.mjs`

/** Every part under a name that changes when the part does, or any that it imports, so that a file once written is never wrong. */
function finished(
  entry: string,
  parts: ReadonlyMap<string, Part>,
  sources: Compiled['sources'],
  maker: string,
): Compiled {
  const names = new Map(
    [...parts.keys()].map((path) => {
      const all = [...reachable(path, parts)].sort().map((one) => [one, parts.get(one)?.code, parts.get(one)?.map])
      return [path, `${digest(JSON.stringify([maker, path, all]), 16)}.mjs`]
    }),
  )
  const files = [...parts.values()].map(({ path, code, map, imports }): [string, string] => {
    const linked = [...imports].reduce((text, one) => text.replaceAll(standIn(one), `./${names.get(one)}`), code)
    return [names.get(path) ?? '', linked + sourceMap(path, map)]
  })
  return { files: new Map(files), entry: names.get(entry) ?? '', sources }
}

function reachable(path: string, parts: ReadonlyMap<string, Part>, found = new Set<string>()): ReadonlySet<string> {
  if (!found.has(path)) {
    found.add(path)
    for (const one of parts.get(path)?.imports ?? []) reachable(one, parts, found)
  }
  return found
}

function outputOf(files: readonly OutputFile[], ending: string): string {
  return files.find(({ path }) => path.endsWith(ending))?.text ?? ''
}

function sourceMap(path: string, map: string): string {
  const text = JSON.stringify({ ...(JSON.parse(map) as object), sources: [pathToFileURL(path).href] })
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString('base64')}\n`
}

function placeOf({ location }: PartialMessage): Place {
  const { file = '', line = 1, column = 0 } = location ?? {}
  return { file, line, column: column + 1 }
}
