import { HostwrightError } from '../../error.ts'
import type { SshOptions, SshOptionSource } from './ssh-options.ts'

/** An option that the ssh2 transport cannot honour, and what it would take. */
export interface UnsupportedOption {
  readonly name: string
  readonly value: string
  readonly reason: string
}

interface Refused {
  readonly reason: string
  /** Values that ask for nothing. */
  readonly idle: readonly string[]
  /** Not refused in these files: distributions put it there for everybody, or it is about a person's own sessions. */
  readonly exceptIn: readonly SshOptionSource[]
}

const no = ['no', 'false']
const none = ['none']

const refused = (reason: string, idle: readonly string[], ...exceptIn: readonly SshOptionSource[]): Refused => ({
  reason,
  idle,
  exceptIn,
})

const channels = (idle: readonly string[]) =>
  refused('nothing but commands runs over the connection', idle, 'user', 'system')

const table: Readonly<Record<string, Refused>> = {
  bindinterface: refused('a connection is bound to an address (BindAddress), not to an interface', none),
  canonicalizehostname: refused('names are taken as they are said', [...no, 'none']),
  certificatefile: refused('logging in with a certificate is not supported', none),
  checkhostip: refused('host keys are looked up by name only', no),
  dynamicforward: channels(none),
  gssapiauthentication: refused('Kerberos is not supported', no, 'system'),
  gssapikeyexchange: refused('Kerberos is not supported', no, 'system'),
  hostbasedauthentication: refused('host-based authentication is not supported', no, 'system'),
  knownhostscommand: refused('host keys are looked up in files only', none),
  localcommand: channels(none),
  localforward: channels(none),
  pkcs11provider: refused('keys of tokens are reached through an agent only', none),
  proxyusefdpass: refused('a ProxyCommand carries the connection itself', no),
  refuseconnection: refused('the configuration refuses connections to this host', []),
  remotecommand: channels(none),
  remoteforward: channels(none),
  tunnel: channels(no),
  verifyhostkeydns: refused('host keys are not looked up in DNS', no),
}

/** Keywords, in lower case, of options that are refused when they ask for something. */
export const refusedKeywords: ReadonlySet<string> = new Set(Object.keys(table))

/** Notes a refused option; nothing where its source makes it harmless. */
export function noteRefused(name: string, value: string, source: SshOptionSource): SshOptions {
  const keyword = name.toLowerCase()
  if (table[keyword]?.exceptIn.includes(source) === true) return {}
  return { unsupported: { [keyword]: { name, value, source } } }
}

/** The options that ask for what ssh2 cannot do, in the order in which they were said. Empty where ssh2 does. */
export function unsupportedBySsh2({ unsupported = {} }: SshOptions): readonly UnsupportedOption[] {
  return Object.entries(unsupported).flatMap(([keyword, { name, value }]) => {
    const { reason, idle } = table[keyword] ?? criterion
    return idle.includes(value.toLowerCase()) ? [] : [{ name, value, reason }]
  })
}

/** Refuses by name what ssh2 cannot do, and says what can. */
export function refuseUnsupported(host: string, options: SshOptions): void {
  const found = unsupportedBySsh2(options)
  if (found.length === 0) return
  const said = found.map(({ name, value, reason }) => `${name} ${value} (${reason})`)
  throw new HostwrightError(`ssh options that cannot be honoured: ${said.join('; ')}`, {
    kind: 'input',
    host,
    next: `let the system’s own ssh connect (ansible_connection=openssh, or smart), or remove ${found.map(({ name }) => name).join(', ')}`,
  })
}

/** What is noted under a name of its own: a criterion of `Match`. */
const criterion = refused('this criterion of Match is not supported', [])
