import { userInfo } from 'node:os'
import { join } from 'node:path'

/** Where what can be made again is kept from run to run: in the user's own cache folder, where nobody else can put anything in its place. */
export function cacheFolder({ XDG_CACHE_HOME: caches = '', HOME: home = '' }: NodeJS.ProcessEnv): string {
  const folder = caches.startsWith('/') ? caches : join(home.startsWith('/') ? home : userInfo().homedir, '.cache')
  return join(folder, 'hostwright')
}
