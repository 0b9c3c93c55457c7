import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where what can be made again is kept from run to run: in the user's own cache folder, where nobody else can put anything in its place. */
export function cacheFolder({ XDG_CACHE_HOME: caches = '', HOME: home = homedir() }: NodeJS.ProcessEnv): string {
  return join(caches.startsWith('/') ? caches : join(home, '.cache'), 'hostwright')
}
