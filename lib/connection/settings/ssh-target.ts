import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import type { Secret } from '../../secret.ts'
import { thisUser } from '../../this-user.ts'
import { expandHome, expandTokens, readSshConfig } from './ssh-config.ts'
import { checkHostName, checkPort, checkUserName } from './ssh-names.ts'
import { mergeSshOptions, type HostKeyPolicy, type SshOptions } from './ssh-options.ts'
import { refuseUnsupported } from './ssh-unsupported.ts'

/** An ssh server and how to get to it, with nothing left to default. */
export interface SshTarget {
  /** The name that errors use: the inventory's, or the jump host's. */
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly password: Secret | undefined
  readonly passphrase: Secret | undefined
  /** Keys that were named: the first kind must be there. */
  readonly requiredKeys: readonly string[]
  readonly optionalKeys: readonly string[]
  /** Keys of the target behind this jump host. The jump host tries them after its own. */
  readonly lentKeys: readonly string[]
  readonly identitiesOnly: boolean
  readonly agent: string | undefined
  /** The agent that is lent to the host: a socket's path. */
  readonly forwardedAgent: string | undefined
  readonly hostKeys: HostKeyRules
  readonly proxyCommand: string | undefined
  /** Jump hosts in the order in which they are passed. */
  readonly jumps: readonly string[]
  readonly connectTimeout: number
  readonly keepaliveInterval: number
  readonly keepaliveCount: number
  /** Seconds that a login is kept for later runs. */
  readonly persist: number
  readonly options: SshOptions
}

export interface HostKeyRules {
  readonly policy: HostKeyPolicy
  /** The name that its key goes by in known_hosts, and a second one that is only good enough to know it. */
  readonly name: string
  readonly alsoKnownAs: string | undefined
  readonly userFiles: readonly string[]
  readonly globalFiles: readonly string[]
  readonly hashed: boolean
  /** RevokedHostKeys. */
  readonly revokedFiles: readonly string[]
}

/** sshd takes ten sessions on a connection (MaxSessions); two stay free for ending what hangs. */
export const mostChannels = 8

/** Asking for it reads several files. */
let me: { readonly username: string; readonly uid: number } | undefined

const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/** The options that were given, and after them those of ssh's configuration files. */
export function resolvedSshOptions(name: string, said: SshOptions): SshOptions {
  return mergeSshOptions([said, readSshConfig(said.alias ?? name, said.user, said.configFile)])
}

/** Completes what was said explicitly from ssh's configuration files and its defaults. */
export function sshTarget(name: string, said: SshOptions, timeout?: number): SshTarget {
  const alias = checkHostName(name, said.alias ?? name)
  const options = resolvedSshOptions(name, said)
  refuseUnsupported(name, options)
  const { username: localUser, uid } = (me ??= thisUser())
  const address = checkHostName(name, expandTokens(options.hostName ?? alias, { h: alias, n: alias }))
  const port = checkPort(name, options.port ?? 22)
  const user = checkUserName(name, options.user ?? localUser)
  const tokens = {
    h: address,
    n: alias,
    p: String(port),
    r: user,
    u: localUser,
    d: homedir(),
    l: hostname(),
    L: hostname().split('.')[0] ?? '',
    j: options.proxyJump ?? '',
    i: String(uid),
    k: options.hostKeyAlias ?? alias,
  }
  const path = (text: string) => expandHome(expandTokens(text, tokens))
  const identities = (options.identityFiles ?? []).filter((file) => file !== 'none').map(path)
  const required = new Set((said.identityFiles ?? []).map(path))
  const proxyCommand = options.proxyCommand?.toLowerCase() === 'none' ? undefined : options.proxyCommand
  const agent = agentSocket(options.identityAgent, path)
  const jump = options.proxyJump?.toLowerCase() === 'none' ? undefined : options.proxyJump
  return {
    name,
    address,
    port,
    user,
    password: options.password,
    passphrase: options.passphrase,
    requiredKeys: identities.filter((file) => required.has(file)),
    optionalKeys:
      options.identityFiles === undefined
        ? defaultKeys.map((key) => join(homedir(), '.ssh', key))
        : identities.filter((file) => !required.has(file)),
    lentKeys: [],
    identitiesOnly: options.identitiesOnly ?? false,
    agent,
    forwardedAgent: forwarded(options.forwardAgent, agent, path),
    hostKeys: hostKeyRules(options, address, port, path),
    proxyCommand: proxyCommand === undefined ? undefined : expandTokens(proxyCommand, tokens),
    jumps:
      jump === undefined
        ? []
        : expandTokens(jump, tokens)
            .split(',')
            .map((hop) => hop.trim()),
    connectTimeout: timeout ?? options.connectTimeout ?? 10,
    keepaliveInterval: options.keepaliveInterval ?? 15,
    keepaliveCount: options.keepaliveCount ?? 3,
    persist:
      options.controlMaster === false || (options.forwardAgent ?? false) !== false ? 0 : (options.controlPersist ?? 60),
    options,
  }
}

function hostKeyRules(
  options: SshOptions,
  address: string,
  port: number,
  path: (text: string) => string,
): HostKeyRules {
  const host = address.toLowerCase()
  const withPort = port === 22 ? host : `[${host}]:${port}`
  const files = (known: readonly string[] | undefined, or: readonly string[]) =>
    (known ?? or).filter((file) => file.toLowerCase() !== 'none').map(path)
  return {
    policy: options.hostKeyPolicy ?? 'strict',
    name: options.hostKeyAlias ?? withPort,
    alsoKnownAs: options.hostKeyAlias === undefined && port !== 22 ? host : undefined,
    userFiles: files(options.userKnownHosts, ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    globalFiles: files(options.globalKnownHosts, ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    hashed: options.hashKnownHosts ?? false,
    revokedFiles: files(options.revokedHostKeys, []),
  }
}

function forwarded(
  said: boolean | string | undefined,
  agent: string | undefined,
  path: (text: string) => string,
): string | undefined {
  if (typeof said === 'string') return agentSocket(said, path)
  return said === true ? agent : undefined
}

function agentSocket(said: string | undefined, path: (text: string) => string): string | undefined {
  const fromEnvironment = process.env['SSH_AUTH_SOCK']
  if (said === undefined || said === 'SSH_AUTH_SOCK') return fromEnvironment === '' ? undefined : fromEnvironment
  if (said.toLowerCase() === 'none') return undefined
  return said.startsWith('$') && !said.startsWith('${') ? process.env[said.slice(1)] : path(said)
}
