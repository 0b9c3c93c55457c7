import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { quote, raw, type Script } from '../../quote.ts'

/**
 * A path of the host in one spelling: absolute, or below a home (`~`, `~name`), without doubled or trailing slashes and without `..`.
 * A relative path would depend on where the shell happens to stand and is refused.
 */
export function hostPath(path: string): string {
  if (!/^(\/|~[\w.-]*(\/|$))/.test(path))
    throw new HostwrightError(`"${path}" is not an absolute path`, {
      kind: 'input',
      next: 'write a path of the host that starts with / or with ~/',
    })
  const normal = posix.normalize(path).replace(/^\/\//, '/')
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}

/** The path as a word of shell; `~` stays outside the quotes, so that the shell knows whose home is meant. */
export function pathWord(path: string): Script {
  const normal = hostPath(path)
  if (!normal.startsWith('~')) return raw(quote(normal))
  const [home = '~'] = normal.split('/', 1)
  const rest = normal.slice(home.length)
  return raw(rest === '' ? home : `${home}${quote(rest)}`)
}

/** The folder that holds it. */
export function parentOf(path: string): string {
  return posix.dirname(path)
}

/** The folder that holds all of these folders; they must be below the same home, or all be absolute. */
export function commonFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.replace(/^\/$/, '').split('/'))
  const differs = (name: string, i: number) => others.some((names) => names[i] !== name)
  const end = first.findIndex(differs)
  return (end < 0 ? first : first.slice(0, end)).join('/') || '/'
}

/** The way from one folder to another below it, as a word that no command takes for an option: `.`, `./etc/nginx`. */
export function wayBelow(folder: string, below: string): string {
  return folder === below ? '.' : `./${below.slice(folder === '/' ? 1 : folder.length + 1)}`
}
