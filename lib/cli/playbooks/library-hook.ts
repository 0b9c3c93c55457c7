import type { ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { libraryByFile, libraryByName } from './library.ts'

/** Where a loader reads a playbook: whatever its imports call the library by, they get the one that runs. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const named = libraryByName(specifier)
  if (named?.endsWith('.ts') === true) return next(named, context)
  if (named !== undefined) return { url: named, format: 'module', shortCircuit: true }
  const found = await next(specifier, context)
  const own = found.url.startsWith('file:') ? libraryByFile(fileURLToPath(found.url.replace(/[?#].*$/, ''))) : undefined
  return own === undefined || own === 'internal' ? found : { ...found, url: own, format: 'module' }
}
