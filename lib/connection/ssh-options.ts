import { HostwrightError } from '../error.ts'
import type { Secret } from '../secret.ts'

export type HostKeyPolicy = 'strict' | 'accept-new' | 'off'

/** What OpenSSH's options say, as far as they matter here. What is absent was not said. */
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
  readonly forwardAgent?: boolean
  readonly controlMaster?: boolean
  /** Seconds. */
  readonly controlPersist?: number
  readonly bindAddress?: string
  readonly family?: 4 | 6
  readonly ciphers?: string
  readonly macs?: string
  readonly kexAlgorithms?: string
  readonly hostKeyAlgorithms?: string
  readonly configFile?: string
}

type Read = (value: string, words: readonly string[], name: string) => SshOptions

const text =
  (key: keyof SshOptions): Read =>
  (value) => ({ [key]: value })
const flag =
  (key: keyof SshOptions): Read =>
  (value, _words, name) => ({ [key]: yesNo(name, value) })
const count =
  (key: keyof SshOptions): Read =>
  (value, _words, name) => ({ [key]: whole(name, value) })
const list =
  (key: keyof SshOptions): Read =>
  (_value, words) => ({ [key]: words })

const policies: Readonly<Record<string, HostKeyPolicy>> = {
  yes: 'strict',
  ask: 'strict',
  true: 'strict',
  'accept-new': 'accept-new',
  no: 'off',
  off: 'off',
  false: 'off',
}

const readers: Readonly<Record<string, Read>> = {
  hostname: text('hostName'),
  port: (value, _words, name) => ({ port: whole(name, value, 1, 65_535) }),
  user: text('user'),
  identityfile: (value) => ({ identityFiles: [value] }),
  identitiesonly: flag('identitiesOnly'),
  identityagent: text('identityAgent'),
  stricthostkeychecking: (value, _words, name) => ({
    hostKeyPolicy: policies[value.toLowerCase()] ?? refuse(name, value),
  }),
  userknownhostsfile: list('userKnownHosts'),
  globalknownhostsfile: list('globalKnownHosts'),
  hostkeyalias: text('hostKeyAlias'),
  hashknownhosts: flag('hashKnownHosts'),
  proxyjump: text('proxyJump'),
  proxycommand: text('proxyCommand'),
  connecttimeout: (value, _words, name) => ({ connectTimeout: whole(name, value, 1) }),
  serveraliveinterval: count('keepaliveInterval'),
  serveralivecountmax: count('keepaliveCount'),
  forwardagent: (value) => ({ forwardAgent: value.toLowerCase() !== 'no' }),
  controlmaster: (value) => ({ controlMaster: !['no', 'false'].includes(value.toLowerCase()) }),
  controlpersist: (value, _words, name) => ({ controlPersist: persistence(name, value) }),
  bindaddress: text('bindAddress'),
  addressfamily: (value, _words, name) =>
    (({ inet: { family: 4 }, inet6: { family: 6 }, any: {} }) as const)[value.toLowerCase()] ?? refuse(name, value),
  ciphers: text('ciphers'),
  macs: text('macs'),
  kexalgorithms: text('kexAlgorithms'),
  hostkeyalgorithms: text('hostKeyAlgorithms'),
}

/** Options that change nothing here: they are about multiplexing, terminals and messages, or ask for what is done anyway. */
const harmless = new Set(
  `batchmode canonicalizehostname checkhostip clearallforwardings compression connectionattempts controlpath
  enablesshkeysign escapechar exitonforwardfailure fingerprinthash forwardx11 forwardx11trusted forwardx11timeout
  gssapiauthentication gssapidelegatecredentials hostbasedauthentication ipqos kbdinteractiveauthentication
  challengeresponseauthentication loglevel nohostauthenticationforlocalhost numberofpasswordprompts passwordauthentication
  permitlocalcommand preferredauthentications pubkeyacceptedalgorithms pubkeyacceptedkeytypes pubkeyauthentication rekeylimit
  requesttty sendenv setenv stdinnull streamlocalbindmask streamlocalbindunlink tcpkeepalive updatehostkeys visualhostkey
  addkeystoagent hostbasedacceptedalgorithms casignaturealgorithms verifyhostkeydns usekeychain obscurekeystroketiming`.split(
    /\s+/,
  ),
)

/** What `Name value` means; nothing for a harmless option; `undefined` for one that is not known. */
export function readSshOption(name: string, words: readonly string[]): SshOptions | undefined {
  const key = name.toLowerCase()
  const read = readers[key]
  if (read !== undefined) return read(words.join(' '), words, name)
  return harmless.has(key) ? {} : undefined
}

/** Several sources as one: the first that says something counts, as with OpenSSH. Identity files add up. */
export function mergeSshOptions(sources: readonly SshOptions[]): SshOptions {
  const merged: Record<string, unknown> = {}
  for (const source of sources)
    for (const [key, value] of Object.entries(source)) if (value !== undefined) merged[key] ??= value
  const identityFiles = [...new Set(sources.flatMap((source) => source.identityFiles ?? []))]
  // A jump and a command exclude each other: whichever was said first counts.
  const proxy = sources.find((source) => source.proxyJump !== undefined || source.proxyCommand !== undefined)
  delete merged[proxy?.proxyJump === undefined ? 'proxyJump' : 'proxyCommand']
  return { ...merged, ...(identityFiles.length > 0 ? { identityFiles } : {}) }
}

function yesNo(name: string, value: string): boolean {
  const known = { yes: true, true: true, no: false, false: false }[value.toLowerCase()]
  return known ?? refuse(name, value)
}

function whole(name: string, value: string, least = 0, most = 1e9): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN
  return number >= least && number <= most ? number : refuse(name, value)
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** As long as one may stay that is said to stay for ever. */
const longestPersistence = 86_400

/** Seconds, from a time as sshd_config(5) writes it, or from yes and no. */
function persistence(name: string, value: string): number {
  const word = value.toLowerCase()
  if (word === 'no' || word === 'false') return 0
  if (word === 'yes' || word === 'true' || word === '0') return longestPersistence
  const parts = [...word.matchAll(/(\d+)([smhdw]?)/g)]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== word) return refuse(name, value)
  const seconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 1), 0)
  return Math.min(seconds, longestPersistence)
}

function refuse(name: string, value: string): never {
  throw new HostwrightError(`the ssh option ${name} cannot be ${JSON.stringify(value)}`, {
    kind: 'input',
    next: 'see `man ssh_config` for its values',
  })
}
