import type { ServiceState } from './services.ts'

const suffixes = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/

/** The unit a name means: `cron` is `cron.service`, as for systemctl. */
export function unitName(name: string): string {
  return suffixes.test(name) ? name : `${name}.service`
}

/** `postgresql@.service` for `postgresql@17-main.service`; undefined for what is no instance. */
export function templateOf(unit: string): string | undefined {
  const found = /^([^@]+@)[^.].*(\.[a-z]+)$/.exec(unit)
  return found === null ? undefined : `${found[1] ?? ''}${found[2] ?? ''}`
}

/** What `systemctl show` prints, one property a line; values may hold `=`. */
export function parseShow(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

/** The same of several units, which an empty line parts. */
export function parseUnits(text: string): readonly Readonly<Record<string, string>>[] {
  return text.trimEnd().split('\n\n').map(parseShow)
}

/** Units of which `systemctl is-enabled` says that they are, or need not be. */
const enabledWords = new Set(['enabled', 'enabled-runtime', 'static', 'indirect', 'generated', 'transient'])
const enableableWords = new Set(['enabled', 'enabled-runtime', 'disabled', 'linked', 'linked-runtime', 'masked', ''])

/** The state in the properties of one unit. */
export function stateFrom(name: string, properties: Readonly<Record<string, string>>): ServiceState {
  const load = properties['LoadState'] ?? 'not-found'
  const activeState = properties['ActiveState'] ?? 'inactive'
  const file = properties['UnitFileState'] ?? ''
  return {
    name,
    known: load !== 'not-found',
    active:
      ['active', 'reloading', 'refreshing'].includes(activeState) ||
      (activeState === 'activating' && !(properties['SubState'] ?? '').startsWith('auto-restart')),
    activeState,
    enabled: enabledWords.has(file),
    enableable: enableableWords.has(file) || properties['SysV'] === 'yes',
    masked: load === 'masked' || file === 'masked' || file === 'masked-runtime',
    needsReload: properties['NeedDaemonReload'] === 'yes',
    properties,
  }
}
