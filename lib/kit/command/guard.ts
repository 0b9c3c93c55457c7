import { posix } from 'node:path'
import type { HostReader } from '../../host/host.ts'
import { globPattern } from '../../regexp/glob.ts'

/** The first path on the host that a pattern of `creates` or `removes` matches; undefined when none does. `*`, `?` and `[…]` match within a name. */
export async function firstMatch(
  pattern: string,
  folder: string | undefined,
  host: HostReader,
): Promise<string | undefined> {
  const whole = posix.isAbsolute(pattern) || folder === undefined ? pattern : posix.join(folder, pattern)
  if (!/[*?[]/.test(whole)) return (await host.files.stat(whole)) === undefined ? undefined : whole
  const [first = '', ...names] = whole.split('/')
  let found: readonly string[] = [first === '' ? '/' : first]
  for (const name of names.filter((part) => part !== '')) {
    const next = await Promise.all(found.map((path) => step(path, name, host)))
    found = next.flat()
  }
  return found[0]
}

async function step(path: string, name: string, host: HostReader): Promise<readonly string[]> {
  if (!/[*?[]/.test(name)) {
    const there = posix.join(path, name)
    return (await host.files.stat(there)) === undefined ? [] : [there]
  }
  const matches = nameMatcher(name)
  const names = (await host.files.list(path).catch(() => undefined)) ?? []
  return names.filter(matches).map((item) => posix.join(path, item))
}

/**
 * Tells whether a name in a folder matches a shell pattern. As in a shell, a dot at the front of the name must be written.
 *
 * @example
 * nameMatcher('*.conf')('.hidden.conf') // false
 */
export function nameMatcher(glob: string): (name: string) => boolean {
  const pattern = globPattern(glob)
  return (name) => (glob.startsWith('.') || !name.startsWith('.')) && pattern.test(name)
}
