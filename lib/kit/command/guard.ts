import { posix } from 'node:path'
import type { HostReader } from '../../host/host.ts'
import { TimedRegExp } from '../../regexp/timed.ts'

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
  const matching = globPattern(name)
  const names = (await host.files.list(path).catch(() => undefined)) ?? []
  return names.filter((item) => matching.test(item)).map((item) => posix.join(path, item))
}

/** A shell pattern for one name; a leading dot must be written. A bracket that opens no set is itself. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[\\^$.|+(){}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replace(/\[!/g, '[^')
  const start = glob.startsWith('.') ? '' : '(?!\\.)'
  try {
    return new TimedRegExp(`^${start}${source}$`, 's', glob)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return new TimedRegExp(`^${start}${source.replace(/[[\]]/g, '\\$&')}$`, 's', glob)
  }
}
