import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Place } from '../error.ts'
import { compareText, inputError } from './model.ts'
import { readText } from './sources/text-file.ts'
import { rememberAll, type VaultPassword } from './vault/vault.ts'
import { describe, isMapping, type Variable, type Variables } from './values/value.ts'

export interface VarsFilesOptions {
  readonly passwords: readonly VaultPassword[]
  readonly warn: (message: string, place?: Place) => void
}

/** In this order the first that exists is read, and the others are not. */
const endings = ['', '.yml', '.yaml', '.json']

/**
 * The variables that a `group_vars` or `host_vars` folder holds for these names: each in a file `NAME`, `NAME.yml`, `NAME.yaml`
 * or `NAME.json`, or in a folder of such files, read in the order of their names.
 *
 * @example
 * await readVarsFolder('inventory/group_vars', ['all', 'web'], options) // Map { 'web' → Map { 'port' → … } }
 */
export async function readVarsFolder(
  folder: string,
  names: Iterable<string>,
  options: VarsFilesOptions,
): Promise<Map<string, Variables>> {
  const entries = await entriesOf(folder)
  const found = new Map<string, Variables>()
  if (entries.size === 0) return found
  for (const name of names) {
    const candidates = endings.map((ending) => name + ending).filter((entry) => entries.has(entry))
    const first = candidates[0]
    // A name that is a path, as chroot connections have it, stands in no folder.
    if (first === undefined || name.startsWith('/')) continue
    const path = join(folder, first)
    for (const other of candidates.slice(1))
      options.warn(`${join(folder, other)} is not read, as in Ansible: ${first} comes first`, { file: path })
    const files = entries.get(first) === 'folder' ? await filesBelow(path) : [path]
    const variables = new Map<string, Variable>()
    for (const file of files)
      for (const [key, variable] of await readVarsFile(file, options)) variables.set(key, variable)
    found.set(name, variables)
  }
  return found
}

/** The variables in one file of YAML or JSON, which may be encrypted as a whole. An empty file has none. */
export async function readVarsFile(file: string, options: VarsFilesOptions): Promise<Variables> {
  const { text, secret } = await readText(file, options.passwords)
  // Loaded here, because many a run reads no YAML at all.
  const { readYaml } = await import('./sources/yaml-data.ts')
  const { data, keyPlace } = readYaml(text, file, { warn: options.warn })
  if (!data || (Array.isArray(data) && data.length === 0)) return new Map()
  if (!isMapping(data))
    throw inputError(
      `a file of variables is a mapping of names, but this is ${describe(data)}`,
      { file, line: 1 },
      'write name: value',
    )
  if (secret) rememberAll(data)
  return new Map(Object.entries(data).map(([key, value]) => [key, { value, place: keyPlace(data, key) }]))
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = []
  for (const [name, kind] of [...(await entriesOf(folder))].sort(([a], [b]) => compareText(a, b))) {
    if (name.startsWith('.') || name.endsWith('~')) continue
    const ending = extname(name)
    if (kind === 'folder' && ending === '') files.push(...(await filesBelow(join(folder, name))))
    else if (kind === 'file' && endings.includes(ending)) files.push(join(folder, name))
  }
  return files
}

async function entriesOf(folder: string): Promise<Map<string, 'file' | 'folder'>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const kinds = await Promise.all(
      entries.map(async (entry): Promise<[string, 'file' | 'folder']> => {
        const isFolder =
          entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderBehind(join(folder, entry.name))))
        return [entry.name, isFolder ? 'folder' : 'file']
      }),
    )
    return new Map(kinds)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return new Map()
    throw inputError(`cannot read the folder: ${String(thrown)}`, { file: folder }, 'check its permissions')
  }
}

async function isFolderBehind(link: string): Promise<boolean> {
  return readdir(link).then(
    () => true,
    () => false,
  )
}
