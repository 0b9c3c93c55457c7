import type { HostKeyPolicy, SshOptions, SshOptionSource } from './ssh-options.ts'
import { noteRefused, refusedKeywords } from './ssh-unsupported.ts'
import { agentPath, flags, persistence, refuse, whole, yesNo } from './ssh-values.ts'

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

const policies: ReadonlyMap<string, HostKeyPolicy> = new Map([
  ...['yes', 'ask', 'true'].map((word) => [word, 'strict'] as const),
  ['accept-new', 'accept-new'],
  ...['no', 'off', 'false'].map((word) => [word, 'off'] as const),
])

const readers: Readonly<Record<string, Read>> = {
  hostname: text('hostName'),
  ignoreunknown: () => ({}),
  port: (value, _words, name) => ({ port: whole(name, value, 1, 65_535) }),
  user: text('user'),
  identityfile: (value) => ({ identityFiles: [value] }),
  identitiesonly: flag('identitiesOnly'),
  identityagent: text('identityAgent'),
  stricthostkeychecking: (value, _words, name) => ({
    hostKeyPolicy: policies.get(value.toLowerCase()) ?? refuse(name, value),
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
  forwardagent: (value, _words, name) => ({ forwardAgent: flags.get(value.toLowerCase()) ?? agentPath(name, value) }),
  exitonforwardfailure: flag('exitOnForwardFailure'),
  passwordauthentication: flag('passwordAuthentication'),
  kbdinteractiveauthentication: flag('kbdInteractiveAuthentication'),
  challengeresponseauthentication: flag('kbdInteractiveAuthentication'),
  pubkeyauthentication: (value, _words, name) => ({
    pubkeyAuthentication: ['unbound', 'host-bound'].includes(value.toLowerCase()) || yesNo(name, value),
  }),
  preferredauthentications: (value) => ({ preferredAuthentications: value.split(',') }),
  revokedhostkeys: list('revokedHostKeys'),
  controlmaster: (value, _words, name) => ({
    controlMaster: ['auto', 'ask', 'autoask'].includes(value.toLowerCase()) || yesNo(name, value),
  }),
  controlpersist: (value, _words, name) => ({ controlPersist: persistence(name, value) }),
  bindaddress: text('bindAddress'),
  addressfamily: (value, _words, name) =>
    (({ inet: { family: 4 }, inet6: { family: 6 }, any: {} }) as const)[value.toLowerCase()] ?? refuse(name, value),
  ciphers: text('ciphers'),
  macs: text('macs'),
  kexalgorithms: text('kexAlgorithms'),
  hostkeyalgorithms: text('hostKeyAlgorithms'),
  pubkeyacceptedalgorithms: text('pubkeyAcceptedAlgorithms'),
  pubkeyacceptedkeytypes: text('pubkeyAcceptedAlgorithms'),
  requiredrsasize: count('requiredRsaSize'),
  compression: flag('compression'),
}

/** Keywords, in lower case, of options that are honoured. */
export const honouredKeywords: ReadonlySet<string> = new Set(Object.keys(readers))

/**
 * Options that make no login safer and change nothing here: they are about multiplexing, terminals and messages, about methods and channels that are never used, ask for
 * what is done anyway, or would allow more than is done.
 */
export const harmlessKeywords: ReadonlySet<string> = new Set(
  `addkeystoagent batchmode casignaturealgorithms canonicaldomains canonicalizefallbacklocal canonicalizemaxdots canonicalizepermittedcnames channeltimeout
  clearallforwardings connectionattempts controlpath enableescapecommandline enablesshkeysign escapechar fingerprinthash forkafterauthentication
  forwardx11 forwardx11timeout forwardx11trusted gatewayports gssapiclientidentity gssapidelegatecredentials gssapikexalgorithms
  gssapirenewalforcesrekey gssapiserveridentity gssapitrustdns hostbasedacceptedalgorithms hostbasedkeytypes ipqos kbdinteractivedevices loglevel
  logverbose nohostauthenticationforlocalhost numberofpasswordprompts obscurekeystroketiming permitlocalcommand permitremoteopen rekeylimit
  requesttty securitykeyprovider sendenv sessiontype setenv stdinnull streamlocalbindmask streamlocalbindunlink syslogfacility tag tcpkeepalive
  tunneldevice updatehostkeys usekeychain versionaddendum visualhostkey warnweakcrypto xauthlocation`.split(/\s+/),
)

/** What `Name value` means; nothing for a harmless option; `undefined` for one that is not known. */
export function readSshOption(
  name: string,
  words: readonly string[],
  source: SshOptionSource = 'arguments',
): SshOptions | undefined {
  const key = name.toLowerCase()
  const read = Object.hasOwn(readers, key) ? readers[key] : undefined
  if (read !== undefined) return read(words.join(' '), words, name)
  if (refusedKeywords.has(key)) return noteRefused(name, words.join(' '), source)
  return harmlessKeywords.has(key) ? {} : undefined
}
