import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'

/** One key of `"hostwright"` in a package.json. */
export interface PackageSetting {
  readonly value: unknown
  /** The package.json. */
  readonly file: string
}

/** The keys of `"hostwright"` that are read. */
export type SettingName = 'inventory' | 'inventory_sources' | 'connections' | 'reports'

/** What each key says: the nearest package.json that has it, from this folder upwards, counts. */
export function packageSettings(startDir: string): (name: SettingName) => PackageSetting | undefined {
  let found: readonly (readonly [file: string, settings: Readonly<Record<string, unknown>>])[] | undefined
  return (name) => {
    found ??= filesAbove(startDir).flatMap((file) => {
      const settings = settingsIn(file)
      return settings === undefined ? [] : [[file, settings] as const]
    })
    const nearest = found.find(([, settings]) => Object.hasOwn(settings, name))
    return nearest === undefined ? undefined : { value: nearest[1][name], file: nearest[0] }
  }
}

/** A mapping of names to files or packages; none where the key is missing. */
export function namedModules(setting: PackageSetting | undefined, name: SettingName): ReadonlyMap<string, string> {
  if (setting === undefined) return new Map()
  const { value, file } = setting
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries: [string, unknown][] = Object.entries(value)
    if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return new Map(entries)
  }
  throw wrongSetting(
    file,
    `"hostwright": "${name}" is no mapping of names to files or packages`,
    `write "${name}": { "mine": "./mine.ts" }`,
  )
}

export function wrongSetting(file: string, message: string, next: string): HostwrightError {
  return new HostwrightError(message, { kind: 'input', place: { file }, next })
}

function filesAbove(startDir: string): readonly string[] {
  const files: string[] = []
  for (let folder = resolve(startDir); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) files.push(file)
    if (dirname(folder) === folder) return files
  }
}

function settingsIn(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly hostwright?: unknown } | null
    const settings = content?.hostwright
    return typeof settings === 'object' && settings !== null ? { ...settings } : undefined
  } catch {
    // A package.json that cannot be read says nothing; whoever needs it for more will complain.
    return undefined
  }
}
