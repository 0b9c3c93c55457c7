import { open, readdir, stat, access, constants } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { HostwrightError, InputErrors, type Place } from '../../error.ts'
import { parseAddress } from '../address.ts'
import { readIni } from './ini.ts'
import { compareText, inputError, type InventoryModel } from '../model.ts'
import { readScript, scriptRunner } from './script.ts'
import { readText } from './text-file.ts'
import { rememberAll, type VaultPassword } from '../vault/vault.ts'
import { isMapping } from '../values/value.ts'
import type { YamlData } from './yaml-data.ts'
import { readYamlInventory } from './yaml.ts'

export interface SourceOptions {
  readonly passwords: readonly VaultPassword[]
  readonly warn: (message: string, place?: Place) => void
}

/** Names that a folder of inventories holds for other reasons. Ansible's list: files ending in .ini are among them. */
const ignored =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/
const yamlEndings = ['.yml', '.yaml', '.json']

/** Whether an inventory source is a list of hosts, as in `-i 'web1,web2'`, and not a path. */
export async function isHostList(source: string): Promise<boolean> {
  return source.includes(',') && (await kindOf(source)) === undefined
}

/** The path that a source names; `~` is the user's home. */
export function sourcePath(source: string): string {
  return resolve(source.replace(/^~(?=\/|$)/, process.env['HOME'] ?? '~'))
}

/** Reads one inventory source into the model: a list of hosts, a file, a script, or a folder of these. */
export async function readSource(source: string, model: InventoryModel, options: SourceOptions): Promise<void> {
  if (await isHostList(source)) return readHostList(source, model)
  const path = sourcePath(source)
  const kind = await kindOf(path)
  if (kind === undefined)
    throw inputError(
      `there is no inventory ${source}`,
      { file: source },
      'check -i; a list of hosts needs a comma: -i web1,',
    )
  if (kind === 'folder') await readFolder(path, source, model, options)
  else await readFile(path, source, model, options)
}

function readHostList(source: string, model: InventoryModel): void {
  const ungrouped = model.addGroup('ungrouped')
  for (const item of source.split(',')) {
    const name = item.trim()
    if (name === '') continue
    const address = parseAddress(name)
    const { host, port } =
      address === undefined || address.host.includes('[') ? { host: name, port: undefined } : address
    if (!model.hosts.has(host)) model.addHost(host, ungrouped, { file: source }, port)
  }
}

async function readFolder(path: string, shown: string, model: InventoryModel, options: SourceOptions): Promise<void> {
  const errors: HostwrightError[] = []
  for (const name of (await readdir(path)).sort(compareText)) {
    if (ignored.test(name)) continue
    const inside = join(path, name)
    const read = (await kindOf(inside)) === 'folder' ? readFolder : readFile
    await read(inside, join(shown, name), model, options).catch((thrown: unknown) => {
      if (thrown instanceof InputErrors) errors.push(...thrown.errors)
      else if (thrown instanceof HostwrightError) errors.push(thrown)
      else throw thrown
    })
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new InputErrors(errors)
}

async function readFile(path: string, shown: string, model: InventoryModel, options: SourceOptions): Promise<void> {
  if (await isProgram(path)) return readScript(scriptRunner(path), shown, model)
  const ending = extname(path)
  if (ending === '.toml')
    throw inputError('TOML inventories are not supported', { file: shown }, 'write it as INI or YAML')
  const { text, secret } = await readText(path, options.passwords)
  const yaml = yamlEndings.includes(ending)
    ? (await yamlReader())(text, shown, options)
    : ending === ''
      ? await yamlIfMapping(text, shown, options)
      : undefined
  if (yaml !== undefined) readYamlInventory(yaml, model, { file: shown, warn: options.warn })
  else readIni(text, shown, model)
  if (secret) rememberValuesOf(shown, model)
}

/** Masks the values of an inventory that is encrypted as a whole. */
function rememberValuesOf(file: string, model: InventoryModel): void {
  for (const node of [...model.groups.values(), ...model.hosts.values()])
    for (const { value, place } of node.vars.values()) if (place.file === file) rememberAll(value)
}

/** Loaded when the first file needs it: many an inventory is INI alone. */
async function yamlReader() {
  return (await import('./yaml-data.ts')).readYaml
}

/** A file without a telling name is YAML if it reads as a mapping; else it is INI, unless it says `---`. */
async function yamlIfMapping(text: string, file: string, options: SourceOptions): Promise<YamlData | undefined> {
  const readYaml = await yamlReader()
  try {
    const yaml = readYaml(text, file, options)
    return isMapping(yaml.data) ? yaml : undefined
  } catch (thrown) {
    if (text.startsWith('---')) throw thrown
    return undefined
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch {
    return undefined
  }
}

/** Executable, and a script or binary: an INI file from a disk where everything is executable is not run. */
async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
  } catch {
    return false
  }
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const start = buffer.subarray(0, bytesRead).toString('latin1')
    return start.startsWith('#!') || start === '\x7fELF' || start === '\xcf\xfa\xed\xfe'
  } finally {
    await file.close()
  }
}
