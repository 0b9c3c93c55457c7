import type { Secret } from '../../secret.ts'

/** Where an option was said: on a command line or in a variable, in the user's own ssh configuration, or in the system's. */
export type SshOptionSource = 'arguments' | 'user' | 'system'

/** An unsupported option as it was written. The first source that sets it counts, as for every other option. */
export interface SaidOption {
  readonly name: string
  readonly value: string
  readonly source: SshOptionSource
}

export type HostKeyPolicy = 'strict' | 'accept-new' | 'off'

/** The values of OpenSSH's options that matter here. An option that is not set is absent. */
export interface SshOptions {
  /** The host as ssh is asked for it, which configuration files may give another name. */
  readonly alias?: string
  readonly hostName?: string
  readonly port?: number
  readonly user?: string
  readonly password?: Secret
  readonly passphrase?: Secret
  readonly identityFiles?: readonly string[]
  readonly identitiesOnly?: boolean
  /** A socket, `none`, or `SSH_AUTH_SOCK`. */
  readonly identityAgent?: string
  readonly hostKeyPolicy?: HostKeyPolicy
  readonly userKnownHosts?: readonly string[]
  readonly globalKnownHosts?: readonly string[]
  readonly hostKeyAlias?: string
  readonly hashKnownHosts?: boolean
  readonly proxyJump?: string
  readonly proxyCommand?: string
  readonly connectTimeout?: number
  readonly keepaliveInterval?: number
  readonly keepaliveCount?: number
  /** Yes, no, or which agent: a socket's path, or `$NAME` of the variable that holds it. */
  readonly forwardAgent?: boolean | string
  readonly exitOnForwardFailure?: boolean
  readonly passwordAuthentication?: boolean
  readonly kbdInteractiveAuthentication?: boolean
  readonly pubkeyAuthentication?: boolean
  /** The methods to log in with, in the order in which they are tried. */
  readonly preferredAuthentications?: readonly string[]
  readonly revokedHostKeys?: readonly string[]
  readonly controlMaster?: boolean
  /** Seconds. */
  readonly controlPersist?: number
  readonly bindAddress?: string
  readonly family?: 4 | 6
  readonly ciphers?: string
  readonly macs?: string
  readonly kexAlgorithms?: string
  readonly hostKeyAlgorithms?: string
  readonly pubkeyAcceptedAlgorithms?: string
  /** Bits. */
  readonly requiredRsaSize?: number
  readonly compression?: boolean
  readonly configFile?: string
  /** Options that ssh2 cannot honour, by keyword. */
  readonly unsupported?: Readonly<Record<string, SaidOption>>
}

/** Merges several sources: the first that sets an option counts, as in OpenSSH. Identity files add up. */
export function mergeSshOptions(sources: readonly SshOptions[]): SshOptions {
  const merged: Record<string, unknown> = {}
  for (const source of sources)
    for (const [key, value] of Object.entries(source)) if (value !== undefined) merged[key] ??= value
  const identityFiles = [...new Set(sources.flatMap((source) => source.identityFiles ?? []))]
  const unsupported: Record<string, SaidOption> = {}
  for (const source of sources)
    for (const [key, said] of Object.entries(source.unsupported ?? {})) unsupported[key] ??= said
  // ProxyJump and ProxyCommand exclude each other: the first one counts.
  const proxy = sources.find((source) => source.proxyJump !== undefined || source.proxyCommand !== undefined)
  delete merged[proxy?.proxyJump === undefined ? 'proxyJump' : 'proxyCommand']
  return {
    ...merged,
    ...(identityFiles.length > 0 ? { identityFiles } : {}),
    ...(Object.keys(unsupported).length > 0 ? { unsupported } : {}),
  }
}
