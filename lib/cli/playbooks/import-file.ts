import { existsSync } from 'node:fs'
import { register as registerHooks } from 'node:module'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HostwrightError } from '../../error.ts'
import { packageRoot } from '../../package-root.ts'
import { placeOfError } from '../../play/call-site.ts'
import type { Environment } from '../options/options.ts'
import { importModule } from './import-module.ts'
import { runsBuilt } from './library.ts'
import { compiledPlaybook } from './playbook-cache.ts'

/** Imports a file of the user's own, of TypeScript or JavaScript. An error that it throws is reported with its place. */
export async function importFile(
  file: string,
  cwd: string,
  env: Environment,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importModule(await importable(file, env))
  } catch (thrown) {
    if (thrown instanceof HostwrightError) throw thrown
    const near = relative(cwd, file)
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
    const place = placeOfError(thrown)
    const isCommonJs = commonJs.test(message)
    throw new HostwrightError(`${near.startsWith('..') ? file : near} could not be loaded: ${message}`, {
      kind: 'input',
      place: place !== undefined && existsSync(place.file) ? place : { file },
      ...(isCommonJs
        ? { next: 'say that it is an ES module: "type": "module" in package.json beside or above it' }
        : {}),
      cause: thrown,
    })
  }
}

/** Where the sources run, something reads TypeScript already. */
async function importable(file: string, env: Environment): Promise<string> {
  const compiled = runsBuilt ? await compiledPlaybook(file, env) : undefined
  if (compiled !== undefined) process.setSourceMapsEnabled(true)
  else if (runsBuilt) await readTypeScript()
  return compiled ?? pathToFileURL(file).href
}

/** Registers loaders: tsx, and ours that gives playbooks the library that runs them. Every import takes longer from then on. */
async function readTypeScript(): Promise<void> {
  const { register } = (await importModule('tsx/esm/api')) as { readonly register: () => void }
  register()
  registerHooks(pathToFileURL(`${packageRoot}/dist/lib/cli/playbooks/library-hook.js`))
}

/** What loaders say of a module with `import.meta` or a top-level `await` that they take for the older kind. */
const commonJs = /"cjs" output format|require\(\) ES Module|require\(\) of ES Module|outside a module/
