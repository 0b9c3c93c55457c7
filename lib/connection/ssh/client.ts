import { defined } from '../../defined.ts'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { NodeSSH, type Config } from 'node-ssh'
import type { Algorithms, Client } from 'ssh2'
import { asHostwrightError, HostwrightError } from '../../error.ts'
import { checkHostKey, readKnownHosts } from './host-key.ts'
import { hostKeyOrder } from './known-hosts.ts'
import { within } from '../wire/process.ts'
import { algorithms, signatureAlgorithms } from './algorithms.ts'
import { authHandler, credentials, type Credentials } from './auth.ts'
import { leaveOtherHostKeys, signAtOnce } from './eager.ts'
import { loginError } from './errors.ts'
import { commandProxy } from './proxy.ts'
import { mendRekeying } from './rekey.ts'
import { Sessions } from './sessions.ts'
import { dial } from './socket.ts'
import { hopOptions } from '../settings/ssh-hops.ts'
import { sshTarget, type SshTarget } from '../settings/ssh-target.ts'

/** A client that is logged in, and the hops below it, which it closes. */
export interface LoggedIn {
  readonly client: Client
  readonly sessions: Sessions
  /** A key of the agent's let it in, here or at a hop. */
  readonly byAgent: boolean
  /** The host may use the agent. */
  readonly forwardsAgent: boolean
  close(): void
}

const mostHops = 10

mendRekeying()

/** Logs in to a target, through its jump hosts if it has any. */
export async function logIn(target: SshTarget, depth = 0): Promise<LoggedIn> {
  if (depth > mostHops)
    throw new HostwrightError('the jump hosts lead through each other', {
      kind: 'input',
      host: target.name,
      next: 'see the ProxyJump options in ~/.ssh/config',
    })
  const below = await way(target, depth)
  try {
    const authenticated = await authenticate(target, below, depth === 0)
    const { client } = authenticated
    return {
      ...authenticated,
      byAgent: authenticated.byAgent || below?.byAgent === true,
      close() {
        client.end()
        client.destroy()
        authenticated.letGo()
        below?.close()
      },
    }
  } catch (error) {
    below?.close()
    throw error
  }
}

/** What a connection runs through when it does not open a socket of its own. */
interface Below {
  readonly stream: Duplex
  readonly byAgent: boolean
  words(): string
  close(): void
}

async function way(target: SshTarget, depth: number): Promise<Below | undefined> {
  if (target.proxyCommand !== undefined) {
    const proxy = commandProxy(target.proxyCommand)
    return { ...proxy, byAgent: false, close: () => void proxy.stream.destroy() }
  }
  const last = target.jumps.at(-1)
  if (last === undefined) return undefined
  const hop = await hopTarget(target, last)
  const { client, byAgent, close } = await logIn(hop, depth + 1).catch((error: unknown) => {
    throw ofHop(target, hop, error)
  })
  try {
    const stream = await within(target.connectTimeout, forward(client, target), () =>
      failure(target, `${hop.name} does not reach ${target.address}:${target.port} in time`),
    )
    return { stream, byAgent, words: () => '', close }
  } catch (error) {
    close()
    throw error instanceof HostwrightError
      ? error
      : failure(target, `${hop.name} does not reach ${target.address}:${target.port}: ${(error as Error).message}`)
  }
}

/**
 * The last hop, with those before it as its own way. As with OpenSSH it takes its options from the configuration files and not from
 * those of the target, except for the files of known hosts and, after its own, the keys.
 */
async function hopTarget(target: SshTarget, hop: string): Promise<SshTarget> {
  const { configFile, userKnownHosts, globalKnownHosts } = target.options
  const before = target.jumps.slice(0, -1).join(',')
  const { alias, ...said } = hopOptions(hop)
  const own = sshTarget(
    alias,
    {
      ...said,
      ...defined({ configFile, userKnownHosts, globalKnownHosts }),
      ...(before === '' ? {} : { proxyJump: before }),
    },
    target.connectTimeout,
  )
  const lentKeys = [...target.requiredKeys, ...target.lentKeys]
  return { ...own, lentKeys, passphrase: own.passphrase ?? target.passphrase }
}

function forward(client: Client, target: SshTarget): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, target.address, target.port, (error, channel) =>
      error === undefined || error === null ? resolve(channel) : reject(error),
    )
  })
}

type Authenticated = Omit<LoggedIn, 'close'> & { readonly letGo: () => void }

async function authenticate(
  target: SshTarget,
  below: Below | undefined,
  runsCommands: boolean,
): Promise<Authenticated> {
  const known = readKnownHosts(target.hostKeys)
  const given = await credentials(target)
  const names = [
    target.hostKeys.name,
    ...(target.hostKeys.alsoKnownAs === undefined ? [] : [target.hostKeys.alsoKnownAs]),
  ]
  let keyRefused: HostwrightError | undefined
  let unsafe = false
  const notes = [...given.notes]
  let accepted: Buffer | undefined
  let offered = ''
  const config: Config = {
    username: target.user,
    readyTimeout: target.connectTimeout * 1000,
    keepaliveInterval: target.keepaliveInterval * 1000,
    keepaliveCountMax: target.keepaliveCount,
    algorithms: algorithms(target, hostKeyOrder(known, names)) as Algorithms,
    hostVerifier: (key: Buffer, done: (good: boolean) => void) => {
      // At once when keys change on the way: what is sent while ssh2 waits overtakes what it holds back.
      if (accepted?.equals(key) === true) return done(true)
      void checkHostKey(target, known, key)
        .catch((error: unknown) => ({ is: 'refused', error: failure(target, String(error)) }) as const)
        .then((verdict) => {
          unsafe = verdict.is === 'unsafe'
          keyRefused = verdict.is === 'refused' ? verdict.error : undefined
          if (verdict.is === 'unsafe') {
            notes.push(`${verdict.why}: no password is sent and no agent is lent`)
            if (target.options.exitOnForwardFailure === true) keyRefused = failure(target, verdict.why)
          }
          if (keyRefused === undefined) accepted = Buffer.from(key)
          done(keyRefused === undefined)
        })
    },
    authHandler: authHandler(
      given.methods,
      () => unsafe,
      (type) => (offered = type),
    ) as NonNullable<Config['authHandler']>,
    ...defined({ agent: target.forwardedAgent }),
  }
  // What leaves before the login is over is not compressed, and the host would take it for compressed.
  const sole = given.sole && runsCommands && target.options.compression !== true
  const made = await connected(target, config, { ...given, notes, sole }, below, () => keyRefused)
  return { ...made, byAgent: offered === 'agent', forwardsAgent: target.forwardedAgent !== undefined && !unsafe }
}

async function connected(
  target: SshTarget,
  config: Config,
  given: Credentials,
  below: Below | undefined,
  keyRefused: () => HostwrightError | undefined,
): Promise<Omit<Authenticated, 'byAgent' | 'forwardsAgent'>> {
  const ssh = new NodeSSH()
  const socket = below === undefined ? dial(target) : undefined
  const sock = (socket ?? below?.stream) as Config['sock'] & object
  const connecting = ssh.connect({ ...config, sock })
  connecting.catch(() => undefined)
  const client = ssh.connection
  if (client === null) throw failure(target, 'the connection was lost as soon as it was made')
  // node-ssh listens for errors only until the login; one without a listener would end the whole program.
  client.on('error', () => {})
  leaveOtherHostKeys(client)
  const sessions = new Sessions(client)
  let signed = false
  signAtOnce(client, given.signer, signatureAlgorithms(target), () => {
    // Where no other key would be tried, the server takes the request for a channel up when it has taken the signature.
    signed = given.sole
    if (signed) void sessions.reserve()
  })
  try {
    await connecting
  } catch (error) {
    client.end()
    client.destroy()
    throw keyRefused() ?? loginError(target, error, { given, signed, proxySaid: below?.words() ?? '' })
  }
  return { client, sessions, letGo: () => letGo(socket) }
}

/** Closes in the background. A server that no longer answers does not confirm the end, so the socket is destroyed after two seconds. */
function letGo(socket: Socket | undefined): void {
  if (socket === undefined || socket.destroyed) return
  socket.unref()
  setTimeout(() => socket.destroy(), 2000).unref()
}

/** What happened at a hop is the trouble of the host behind it. */
function ofHop(target: SshTarget, hop: SshTarget, thrown: unknown): HostwrightError {
  const error = asHostwrightError(thrown, { kind: 'unreachable', host: hop.name })
  const { kind, data, next, place, cause } = error
  return new HostwrightError(error.host === hop.name ? `jump host ${hop.name}: ${error.message}` : error.message, {
    kind,
    data,
    cause,
    host: target.name,
    ...defined({ next, place }),
  })
}

function failure(target: SshTarget, message: string): HostwrightError {
  return new HostwrightError(message, {
    kind: 'unreachable',
    host: target.name,
    next: `try \`ssh ${target.user}@${target.address}\` by hand`,
  })
}
