import { isMapping, type Raw, type RawMapping, type Variables, VaultText } from './values/value.ts'
import { readVarsFile, type VarsFilesOptions } from './vars-files.ts'
import { inputError } from './model.ts'
import { decryptValues, type VaultPassword } from './vault/vault.ts'

export type PlainVars = Readonly<Record<string, unknown>>

/** A file of variables that is used for certain (`-e @FILE`, `vars_files`): decrypted, with the places of its names. */
export async function readPlainVars(
  file: string,
  options: VarsFilesOptions,
): Promise<{ readonly vars: PlainVars; readonly places: Variables }> {
  const places = await readVarsFile(file, options)
  const values = Object.fromEntries([...places].map(([name, { value }]) => [name, value]))
  return { vars: await plainVars(values, options.passwords), places }
}

/** Values without vault text: what is used for certain and does not open is an error at once. */
export async function plainVars(values: RawMapping, passwords: readonly VaultPassword[]): Promise<PlainVars> {
  await decryptValues(values, passwords)
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, revealed(value)]))
}

function revealed(value: Raw): unknown {
  if (value instanceof VaultText) {
    if (value.decrypted !== undefined && 'text' in value.decrypted) return value.decrypted.text
    throw (
      value.decrypted?.error ??
      inputError('this is encrypted, and was not decrypted', value.place, 'see the vault password')
    )
  }
  if (Array.isArray(value)) return (value as readonly Raw[]).map(revealed)
  return isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]))
    : value
}
