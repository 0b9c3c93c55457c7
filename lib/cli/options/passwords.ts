import { access, constants, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readVaultPassword, type VaultPassword } from '../../inventory/index.ts'
import { programOutput } from '../../program-output.ts'
import { rememberSecret, Secret } from '../../secret.ts'
import type { Console } from '../console.ts'
import type { Given } from './options.ts'
import type { InventoryOption, PlaybookOption } from './playbook-options.ts'
import { unreadableFile } from '../../unreadable-file.ts'
import { UsageError } from './usage-error.ts'

/** The vault passwords in the order in which they are tried. */
export async function vaultPasswords(
  given: Given<InventoryOption>,
  console: Console,
): Promise<readonly VaultPassword[]> {
  const passwords: VaultPassword[] = []
  if (given.flag('ask-vault-pass')) passwords.push(await askVault(console))
  for (const id of given.values('vault-id')) passwords.push(await vaultId(id, console))
  for (const file of given.values('vault-password-file'))
    passwords.push(await readVaultPassword(resolve(console.cwd, withHome(file, console))))
  return passwords
}

/** `prod@~/.vault-prod`, `prod@prompt`, or a source without a label. */
async function vaultId(id: string, console: Console): Promise<VaultPassword> {
  const at = id.indexOf('@')
  const [label, source] = at > 0 ? [id.slice(0, at), id.slice(at + 1)] : [undefined, id.slice(at + 1)]
  if (source === '')
    throw new UsageError(`--vault-id ${id} names no source`, 'write --vault-id LABEL@FILE or LABEL@prompt')
  if (source === 'prompt' || source === 'prompt_ask_vault_pass') return askVault(console, label)
  return readVaultPassword(resolve(console.cwd, withHome(source, console)), label)
}

async function askVault(console: Console, label?: string): Promise<VaultPassword> {
  const password = await console.ask(`Vault password${label === undefined ? '' : ` (${label})`}: `, { secret: true })
  if (password === '') throw new UsageError('the vault password is empty', 'type it, or give --vault-password-file')
  rememberSecret(password)
  return label === undefined ? { password } : { label, password }
}

export interface Passwords {
  readonly connection?: Secret
  readonly become?: Secret
}

/** The passwords to log in and to become, from files or asked for. An empty answer for become means the login's, as in Ansible. */
export async function loginPasswords(given: Given<PlaybookOption>, console: Console): Promise<Passwords> {
  const connection = await passwordOf(given, 'connection-password-file', 'ask-pass', 'SSH password: ', console)
  const question = given.flag('ask-pass') ? 'BECOME password[defaults to SSH password]: ' : 'BECOME password: '
  const become = await passwordOf(given, 'become-password-file', 'ask-become-pass', question, console)
  const becomeOrSame = become === '' ? connection : become
  return {
    ...(connection === undefined ? {} : { connection: new Secret(connection) }),
    ...(becomeOrSame === undefined ? {} : { become: new Secret(becomeOrSame) }),
  }
}

async function passwordOf(
  given: Given<PlaybookOption>,
  file: 'connection-password-file' | 'become-password-file',
  flag: 'ask-pass' | 'ask-become-pass',
  question: string,
  console: Console,
): Promise<string | undefined> {
  if (given.flag(flag)) return console.ask(question, { secret: true })
  const path = given.value(file)
  return path === undefined ? undefined : passwordIn(resolve(console.cwd, withHome(path, console)), `--${file}`)
}

/** The first line of the file; a program is run and prints it. */
async function passwordIn(path: string, option: string): Promise<string> {
  const isProgram = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
  const password = (isProgram ? await printed(path, option) : await contents(path, option)).trim()
  if (password !== '') return password
  throw new UsageError(`${option} ${path} is empty`, 'put the password on its first line')
}

async function printed(path: string, option: string): Promise<string> {
  try {
    return await programOutput(path, [], { timeout: 120_000 })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(
      `${option} ${path} gives no password: ${reason}`,
      'run it by hand; a file that is no program must not be executable',
      cause,
    )
  }
}

async function contents(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { what, next } = unreadableFile(cause)
    throw new UsageError(`${option} ${path} ${what}`, next)
  }
}

function withHome(path: string, { env }: Console): string {
  return path.replace(/^~(?=\/|$)/, env['HOME'] ?? '~')
}
