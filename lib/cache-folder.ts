import { basename, dirname } from 'node:path'
import { ownFolder } from './own-folder.ts'
import { thisUser } from './this-user.ts'

/**
 * A folder of files that are kept from run to run and can be made again: in the user's own cache folder, where nobody else can replace anything. `undefined`
 * where there is none, such as in the home of another user.
 *
 * @param names - below that of hostwright.
 */
export function cacheFolder(
  { XDG_CACHE_HOME: caches = '', HOME: home = '' }: NodeJS.ProcessEnv,
  names: readonly string[],
  make: boolean,
): string | undefined {
  if (caches.startsWith('/')) return ownFolder(dirname(caches), [basename(caches), 'hostwright', ...names], make)
  const own = home.startsWith('/') ? home : thisUser().home
  return own === undefined ? undefined : ownFolder(own, ['.cache', 'hostwright', ...names], make)
}
