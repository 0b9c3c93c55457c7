import { resolve } from 'node:path'
import { type VaultPassword } from '../../inventory/index.ts'
import { rawFromJson } from '../../inventory/sources/json-data.ts'
import { describe, isMapping, type Raw, type RawMapping } from '../../inventory/values/value.ts'
import { parseKeyValues } from './key-values.ts'
import { UsageError } from './usage-error.ts'

export interface ExtraVarsOptions {
  readonly cwd: string
  readonly passwords: readonly VaultPassword[]
  readonly warn: (message: string) => void
}

/**
 * The variables of all `-e`, in their order: `name=value` words, a mapping in YAML or JSON, or `@FILE` with such a mapping.
 * Later ones win.
 */
export async function extraVars(
  given: readonly string[],
  options: ExtraVarsOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const parts: Readonly<Record<string, unknown>>[] = []
  for (const text of given) parts.push(await oneOf(text.trim(), options))
  return Object.assign({}, ...parts) as Record<string, unknown>
}

async function oneOf(text: string, options: ExtraVarsOptions): Promise<Readonly<Record<string, unknown>>> {
  if (text === '') return {}
  if (text.startsWith('@')) return fileVars(text.slice(1), options)
  if (text.startsWith('/') || text.startsWith('./'))
    throw new UsageError(`-e ${text} looks like a file`, `for a file of variables write -e @${text}`)
  return text.startsWith('{') || text.startsWith('[') ? inlineVars(text, options) : parseKeyValues(text)
}

async function fileVars(file: string, options: ExtraVarsOptions): Promise<Readonly<Record<string, unknown>>> {
  const { readPlainVars } = await import('../../inventory/plain-vars.ts')
  const path = resolve(options.cwd, file.replace(/^~(?=\/)/, process.env['HOME'] ?? '~'))
  return (await readPlainVars(path, options)).vars
}

/** JSON is tried first: it needs no YAML reader, and is what Vagrant passes. */
async function inlineVars(text: string, options: ExtraVarsOptions): Promise<Readonly<Record<string, unknown>>> {
  const json = parseJson(text)
  if (json !== undefined && isMapping(json)) return plain(json, options)
  const { readYaml } = await import('../../inventory/sources/yaml-data.ts')
  const data = json ?? readYaml(text, '-e', options).data
  if (isMapping(data)) return plain(data, options)
  throw new UsageError(`-e is not a mapping of names to values, but ${describe(data)}`, `write -e '{"name": "value"}'`)
}

function parseJson(text: string): Raw | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  return rawFromJson(parsed, { file: '-e' })
}

async function plain(values: RawMapping, { passwords }: ExtraVarsOptions): Promise<Readonly<Record<string, unknown>>> {
  const { plainVars } = await import('../../inventory/plain-vars.ts')
  return plainVars(values, passwords)
}
