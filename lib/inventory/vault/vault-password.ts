import { defined } from '../../defined.ts'
import { access, constants, readFile } from 'node:fs/promises'
import { parse, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { programOutput } from '../../program-output.ts'
import { rememberSecret } from '../../secret.ts'
import { unreadableFile } from '../../unreadable-file.ts'
import type { VaultPassword } from './vault.ts'

/**
 * The password in a file, or printed by it if it is executable. A program whose name ends in `-client` is told the label.
 *
 * @example
 * await readVaultPassword('~/.vault-pass')        // { password }
 * await readVaultPassword('./keyring-client', 'prod') // runs ./keyring-client --vault-id prod
 */
export async function readVaultPassword(file: string, label?: string): Promise<VaultPassword> {
  const path = resolve(file.replace(/^~(?=\/|$)/, process.env['HOME'] ?? '~'))
  const password = (await isExecutable(path)) ? await output(path, label) : (await contents(path)).trim()
  if (password === '') throw trouble(path, 'holds no vault password', 'put the password on its first line')
  rememberSecret(password)
  return label === undefined ? { password } : { label, password }
}

async function contents(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { what, next } = unreadableFile(cause)
    throw trouble(path, what, `${next} (--vault-password-file)`)
  }
}

async function output(path: string, label: string | undefined): Promise<string> {
  const asks = label !== undefined && parse(path).name.endsWith('-client')
  try {
    const printed = await programOutput(path, asks ? ['--vault-id', label] : [], { timeout: 120_000 })
    return printed.replace(/[\r\n]+$/, '')
  } catch (cause) {
    throw trouble(
      path,
      `should print the vault password, but failed: ${message(cause)}`,
      'run it by hand; a file that is no program must not be executable',
      cause,
    )
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function message(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

function trouble(file: string, what: string, next: string, cause?: unknown): HostwrightError {
  const place = { file }
  return new HostwrightError(`the vault password file ${what}`, {
    kind: 'input',
    place,
    next,
    ...defined({ cause }),
  })
}
