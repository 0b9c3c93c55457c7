import { defined } from '../../defined.ts'
import { HostwrightError, type Place } from '../../error.ts'
import { rememberSecret, rememberSecretNumber, reveal, type Secret } from '../../secret.ts'
import { isMapping, type Raw, UnsafeText, VaultText } from '../values/value.ts'

/** A vault password. A label only says which to try first, as in Ansible. */
export interface VaultPassword {
  /** The vault id. */
  readonly label?: string
  /** The password itself. */
  readonly password: string | Secret
}

export function isVaultText(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;')
}

/**
 * The text behind vault text of format 1.1 or 1.2; every password is tried, those with the text's own label first.
 *
 * @example
 * await decryptVault(text, [{ password }], { file: 'group_vars/all/secrets.yml', line: 3 })
 */
export async function decryptVault(text: string, passwords: readonly VaultPassword[], place: Place): Promise<string> {
  const [header = '', ...body] = text.trim().split(/\s*\n\s*/)
  const [mark, version, cipher, label] = header.split(';')
  if (mark !== '$ANSIBLE_VAULT' || !['1.1', '1.2'].includes(version ?? '') || cipher !== 'AES256')
    throw vaultError(
      'this is not vault text of format 1.1 or 1.2',
      place,
      'encrypt the value again: ansible-vault encrypt_string',
    )
  if (passwords.length === 0)
    throw vaultError(
      'this is encrypted, and no vault password was given',
      place,
      'name the file that holds it: --vault-password-file FILE',
    )
  const sorted = [...passwords].sort((a, b) => Number(b.label === label) - Number(a.label === label))
  const whole = [header, ...body].join('\n')
  for (const { password } of sorted) {
    const plain = await tryPassword(whole, reveal(password), place)
    if (plain !== undefined) return plain
  }
  const tried =
    passwords.length === 1 ? 'the vault password does not' : `none of the ${passwords.length} vault passwords does`
  throw vaultError(
    `${tried} fit what is encrypted here${label === undefined ? '' : ` (its label is "${label}")`}`,
    place,
    'check the file given with --vault-password-file',
  )
}

/** Decrypts every vault value inside, and remembers the result with it; a failure counts when somebody uses the value. */
export async function decryptValues(value: Raw, passwords: readonly VaultPassword[]): Promise<void> {
  if (value instanceof VaultText) {
    value.decrypted ??= await decryptVault(value.ciphertext, passwords, value.place).then(
      (text) => ({ text }),
      (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
    )
    if ('text' in value.decrypted) {
      rememberSecret(value.decrypted.text)
      // A line end that slipped in with the password must not keep the password itself from being masked.
      rememberSecret(value.decrypted.text.trim())
    }
  } else if (Array.isArray(value))
    await Promise.all((value as readonly Raw[]).map((item) => decryptValues(item, passwords)))
  else if (isMapping(value)) await Promise.all(Object.values(value).map((item) => decryptValues(item, passwords)))
}

/** Masks every text and number in here from now on: it comes from a file that is encrypted as a whole. */
export function rememberAll(value: Raw): void {
  if (typeof value === 'string') rememberSecret(value)
  else if (value instanceof UnsafeText) rememberSecret(value.text)
  else if (typeof value === 'number') rememberSecretNumber(value)
  else if (Array.isArray(value)) (value as readonly Raw[]).forEach(rememberAll)
  else if (isMapping(value)) Object.values(value).forEach(rememberAll)
}

async function tryPassword(text: string, password: string, place: Place): Promise<string | undefined> {
  try {
    const { Vault } = await import('ansible-vault')
    return await new Vault({ password }).decrypt(text, undefined)
  } catch (cause) {
    if (cause instanceof Error && cause.message === 'Integrity check failed') return undefined
    throw vaultError('this vault text is damaged', place, 'encrypt the value again', cause)
  }
}

function vaultError(message: string, place: Place, next: string, cause?: unknown): HostwrightError {
  return new HostwrightError(message, { kind: 'input', place, next, ...defined({ cause }) })
}
