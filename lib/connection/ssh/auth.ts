import { defined } from '../../defined.ts'
import { existsSync, statSync } from 'node:fs'
import ssh2 from 'ssh2'
import type {
  AnyAuthMethod,
  AuthenticationType,
  IdentityCallback,
  KnownPublicKeys,
  NextAuthHandler,
  ParsedKey,
} from 'ssh2'
import { HostwrightError } from '../../error.ts'
import { isLongEnough, signsWith } from './key-strength.ts'
import { parsedFile } from '../settings/parsed-file.ts'
import { within } from '../wire/process.ts'
import { signatureAlgorithms } from './algorithms.ts'
import type { Signer } from './eager.ts'
import type { SshTarget } from '../settings/ssh-target.ts'
import { isTokenKey } from './token-key.ts'

/** What there is to log in with, in the order in which it is tried, and what could not be used. */
export interface Credentials {
  readonly methods: readonly (AnyAuthMethod & { readonly label: string })[]
  readonly notes: readonly string[]
  /** When a single key is all there is: nothing else would be tried if it were refused. */
  readonly sole: boolean
  readonly signer: Signer
}

/** Named keys first, then the agent's, then the usual ones, then the password: servers count attempts. */
export async function credentials(target: SshTarget): Promise<Credentials> {
  const notes: string[] = []
  const { user: username, password } = target
  const required = target.requiredKeys.map((file) => loadKey(file, target))
  const optional = [...new Set([...target.optionalKeys, ...target.lentKeys])].map((file) => loadKey(file, target))
  const keys = [...required, ...optional]
  const accepted = signatureAlgorithms(target)
  const usable = (key: ParsedKey) => signsWith(key, accepted) && isLongEnough(key, target)
  const agentKeys = (await agentIdentities(target, keys, notes)).filter(usable)
  for (const key of required) if (key.trouble !== undefined && !agentHolds(agentKeys, key)) throw keyError(target, key)
  for (const key of optional)
    if (key.trouble !== undefined && key.trouble !== 'missing') notes.push(`${key.file}: ${key.trouble}`)
  for (const { file, trouble } of keys)
    if (trouble === undefined && existsSync(`${file}-cert.pub`))
      notes.push(`${file}-cert.pub: certificates take ansible_connection=openssh`)
  const publickey = (loaded: readonly LoadedKey[]) =>
    loaded.flatMap(({ key, file }) =>
      key === undefined || !usable(key) ? [] : [{ type: 'publickey' as const, username, key, label: file }],
    )
  const holder =
    agentKeys.length === 0 || target.agent === undefined ? undefined : new SomeKeysOfAgent(target.agent, agentKeys)
  const agent =
    holder === undefined ? [] : [{ type: 'agent' as const, username, agent: holder, label: 'the ssh agent' }]
  const text = password?.reveal()
  const byPassword =
    text === undefined
      ? []
      : [
          { type: 'password' as const, username, password: text, label: 'the password' },
          { type: 'keyboard-interactive' as const, username, prompt: answering(text), label: 'the password' },
        ]
  const methods = allowed([...publickey(required), ...agent, ...publickey(optional), ...byPassword], target)
  const sole = methods.length === 1 && (holder === undefined || agentKeys.length === 1)
  return { methods, notes, sole, signer: signing(sole ? holder : undefined) }
}

/** An agent may ask its user before it signs: it does so only with a key that the server takes, or with the only one there is. */
function signing(holder: SomeKeysOfAgent | undefined): Signer {
  return (key, data, hash) => {
    if (key.isPrivateKey()) return key.sign(data, hash)
    if (holder === undefined) return undefined
    return new Promise((resolve) =>
      holder.sign(key, data, hash === undefined ? {} : { hash: hash as 'sha256' }, (error, signature) =>
        resolve(error ?? signature),
      ),
    )
  }
}

/** Offers one method after the other, and only those that the server still takes; no password where that is `unsafe`. `offered` is called for each. */
export function authHandler(methods: Credentials['methods'], unsafe: () => boolean, offered: (type: string) => void) {
  const left = [...methods]
  return (taken: AuthenticationType[] | null, _partial: boolean | null, next: NextAuthHandler): void => {
    const at = left.findIndex(
      ({ type }) =>
        (taken === null || taken.some((name) => name === methodName(type))) &&
        (methodName(type) === 'publickey' || !unsafe()),
    )
    const [method] = at < 0 ? [] : left.splice(at, 1)
    if (method === undefined) return next(false as unknown as AuthenticationType)
    const { label: _, ...bare } = method
    offered(method.type)
    next(bare as AnyAuthMethod)
  }
}

function methodName(type: string): string {
  return type === 'agent' ? 'publickey' : type
}

/** The methods that may be used, in their order. */
function allowed<T extends { readonly type: string }>(methods: readonly T[], { options }: SshTarget): readonly T[] {
  const { preferredAuthentications: order } = options
  const off: Readonly<Record<string, boolean | undefined>> = {
    publickey: options.pubkeyAuthentication === false,
    password: options.passwordAuthentication === false,
    'keyboard-interactive': options.kbdInteractiveAuthentication === false,
  }
  const left = methods.filter(({ type }) => off[methodName(type)] !== true)
  return order === undefined ? left : order.flatMap((name) => left.filter(({ type }) => methodName(type) === name))
}

interface LoadedKey {
  readonly file: string
  readonly key?: ParsedKey
  /** The public part, when a file beside it tells. */
  readonly publicKey?: Buffer
  readonly trouble?: string
}

function loadKey(file: string, target: SshTarget): LoadedKey {
  const beside = publicKeyFile(`${file}.pub`)
  const loaded = privateKeyFile(file)(target.passphrase?.reveal())
  return { file, ...defined({ publicKey: beside }), ...loaded }
}

/** What a private key's file gives with a passphrase. A key that is encrypted takes its time, and many hosts take the same one. */
const privateKeyFile = parsedFile((read, path) => {
  const exposed = isExposed(path)
  const opened = new Map<string | undefined, Omit<LoadedKey, 'file'>>()
  return (passphrase: string | undefined) => {
    const known = opened.get(passphrase)
    if (known !== undefined) return known
    const key = 'bytes' in read ? openKey(read.bytes, passphrase, exposed) : { trouble: unread(read.error) }
    opened.set(passphrase, key)
    return key
  }
})

const publicKeyFile = parsedFile((read) => ('bytes' in read ? parsePublic(read.bytes) : undefined))

function unread({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' ? 'missing' : `cannot be read (${code ?? message})`
}

/** As OpenSSH asks of a key: a file of one's own that others may use is ignored. */
function isExposed(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  return found !== undefined && found.uid === process.getuid?.() && (found.mode & 0o077) !== 0
}

function openKey(text: Buffer, passphrase: string | undefined, exposed: boolean): Omit<LoadedKey, 'file'> {
  const parsed: unknown = ssh2.utils.parseKey(text, passphrase)
  const key = (Array.isArray(parsed) ? parsed[0] : parsed) as ParsedKey | Error
  if (isTokenKey(text)) return { trouble: 'belongs to a FIDO token, which takes ansible_connection=openssh' }
  const trouble = 'is ignored, because others may read or write it (chmod 600)'
  if (key instanceof Error) return { trouble: exposed ? trouble : troubleOf(key.message, passphrase !== undefined) }
  const publicKey = key.getPublicSSH()
  // A public key named as the identity stands for one that the agent holds.
  if (!key.isPrivateKey())
    return { publicKey, trouble: 'holds a public key only, and the agent has not the private one' }
  return exposed ? { publicKey, trouble } : { key, publicKey }
}

function troubleOf(message: string, hasPassphrase: boolean): string {
  if (/no passphrase given/i.test(message)) return 'is encrypted, and no passphrase is given'
  if (/bad passphrase|bad decrypt|integrity check/i.test(message) && hasPassphrase)
    return 'is encrypted with another passphrase'
  return `is not a key that can be read (${message})`
}

function keyError(target: SshTarget, { file, trouble }: LoadedKey): HostwrightError {
  const encrypted = trouble?.includes('passphrase') === true
  return new HostwrightError(`the private key ${file} ${trouble === 'missing' ? 'is not there' : (trouble ?? '')}`, {
    kind: 'unreachable',
    host: target.name,
    next: encrypted
      ? 'set ansible_ssh_private_key_passphrase, or load the key into ssh-agent: ssh-add'
      : 'correct ansible_ssh_private_key_file, or the file’s permissions',
  })
}

function parsePublic(text: Buffer): Buffer | undefined {
  const parsed: unknown = ssh2.utils.parseKey(text)
  const key = (Array.isArray(parsed) ? parsed[0] : parsed) as ParsedKey | Error
  return key instanceof Error ? undefined : key.getPublicSSH()
}

/** The agent's keys; with IdentitiesOnly those that are named. An agent that does not answer is passed over. */
async function agentIdentities(
  target: SshTarget,
  keys: readonly LoadedKey[],
  notes: string[],
): Promise<readonly ParsedKey[]> {
  const socket = target.agent
  if (socket === undefined) return []
  const late = () => new Error('it does not answer')
  try {
    const all = await within(5, identitiesOf(socket), late)
    return target.identitiesOnly
      ? all.filter((held) => keys.some((key) => key.publicKey?.equals(held.getPublicSSH())))
      : all
  } catch (error) {
    notes.push(`the ssh agent at ${socket} was not used: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

function identitiesOf(socket: string): Promise<readonly ParsedKey[]> {
  return new Promise((resolve, reject) => {
    ssh2.createAgent(socket).getIdentities((error: Error | null | undefined, keys?: KnownPublicKeys) => {
      if (error) return reject(error)
      resolve((keys ?? []).flatMap(parsedKeys))
    })
  })
}

function parsedKeys(known: KnownPublicKeys[number]): readonly ParsedKey[] {
  const parsed: unknown = typeof known === 'object' && 'pubKey' in known ? known.pubKey : known
  const key: unknown = Buffer.isBuffer(parsed) || typeof parsed === 'string' ? ssh2.utils.parseKey(parsed) : parsed
  return key instanceof Error || typeof key !== 'object' || key === null ? [] : [key as ParsedKey]
}

function agentHolds(held: readonly ParsedKey[], { publicKey }: LoadedKey): boolean {
  return publicKey !== undefined && held.some((key) => key.getPublicSSH().equals(publicKey))
}

/** An agent that offers these of its keys. */
class SomeKeysOfAgent extends ssh2.OpenSSHAgent {
  readonly #keys: readonly ParsedKey[]

  constructor(socket: string, keys: readonly ParsedKey[]) {
    super(socket)
    this.#keys = keys
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(undefined, [...this.#keys])
  }
}

/** Answers every question with the password, once: a second round means that it was wrong. */
function answering(password: string) {
  let rounds = 0
  return (_name: string, _text: string, _lang: string, prompts: ssh2.Prompt[], finish: (answers: string[]) => void) => {
    if (prompts.length > 0) rounds += 1
    finish(prompts.map(() => (rounds > 1 ? '' : password)))
  }
}
