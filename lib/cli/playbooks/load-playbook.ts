import { existsSync } from 'node:fs'
import { register as registerHooks } from 'node:module'
import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HostwrightError, type Place } from '../../error.ts'
import { packageRoot } from '../../package-root.ts'
import { placeOfError } from '../../play/call-site.ts'
import type { PlaybookData } from '../../play/data.ts'
import type { Console } from '../console.ts'
import { importModule } from './import-module.ts'
import { runsBuilt } from './library.ts'
import type { Environment } from '../options/options.ts'
import { compiledPlaybook } from './playbook-cache.ts'
import type { LoadedPlaybook } from '../options/settings.ts'

/** Imports a playbook file and takes its default export. */
export async function loadPlaybook(path: string, { cwd, env }: Pick<Console, 'cwd' | 'env'>): Promise<LoadedPlaybook> {
  const file = resolve(cwd, path)
  if (!existsSync(file)) throw trouble(`the playbook ${path} could not be found`, { file }, 'check the path')
  if (/\.ya?ml$/.test(file))
    throw trouble(
      `${path} is YAML`,
      { file },
      'a playbook is a TypeScript file that exports playbook(…) as its default',
    )
  const playbook = (await importFile(file, cwd, env))['default']
  if (isPlaybook(playbook)) return { file, playbook }
  throw trouble(`${path} exports no playbook`, { file }, "end it with: export default playbook('name', [play1, play2])")
}

async function importFile(file: string, cwd: string, env: Environment): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importModule(await importable(file, env))
  } catch (thrown) {
    if (thrown instanceof HostwrightError) throw thrown
    const near = relative(cwd, file)
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
    const place = placeOfError(thrown)
    throw trouble(
      `${near.startsWith('..') ? file : near} could not be loaded: ${message}`,
      place !== undefined && existsSync(place.file) ? place : { file },
      commonJs.test(message)
        ? 'say that it is an ES module: "type": "module" in package.json beside or above it'
        : undefined,
      thrown,
    )
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

function isPlaybook(value: unknown): value is PlaybookData {
  return value !== null && typeof value === 'object' && 'type' in value && value.type === 'playbook' && 'plays' in value
}

function trouble(message: string, place: Place, next?: string, cause?: unknown): HostwrightError {
  return new HostwrightError(message, {
    kind: 'input',
    place,
    ...(next === undefined ? {} : { next }),
    ...(cause === undefined ? {} : { cause }),
  })
}
