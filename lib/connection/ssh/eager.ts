import { createRequire } from 'node:module'
import type { Client, ClientChannel, ParsedKey } from 'ssh2'

/**
 * What ssh2 waits for although the protocol does not ask for it, each of which costs a round trip: the consent to a service before its first message (RFC 4253,
 * 10), the question whether a key would do before its signature (RFC 4252, 7), the consent to a command before its input (RFC 4254, 6.5).
 */

type Signature = Buffer | Error | undefined
type Sign = (data: Buffer, done: (signature: Buffer) => void) => void
type Opened = ((error: Error | undefined, channel?: ClientChannel) => void) & { type: string }

/** RFC 8308. */
interface Extension {
  readonly name: string
  readonly algs?: readonly string[] | undefined
}

const signatureNames = 'server-sig-algs'

interface Protocol {
  readonly _handlers: {
    SERVICE_ACCEPT(protocol: Protocol, name: string): void
    EXT_INFO(protocol: Protocol, extensions: readonly Extension[]): void
    GLOBAL_REQUEST(protocol: Protocol, name: string, wantReply: boolean, data: unknown): void
  }
  service(name: string): void
  authPK(user: string, key: ParsedKey, algorithm?: string, sign?: Sign): void
  session(id: number, window: number, packet: number): void
  exec(id: number, command: string, wantReply: boolean): void
}

interface Internals {
  readonly _protocol: Protocol
  readonly _chanMgr: { add(opened: Opened): number }
}

interface ChannelInternals {
  readonly outgoing: { readonly id: number; readonly state: string }
  readonly _callbacks: ((error: unknown) => void)[]
  readonly _client: Internals
}

const { MAX_WINDOW: window, PACKET_SIZE: packet } = createRequire(import.meta.url)('ssh2/lib/Channel.js') as {
  readonly MAX_WINDOW: number
  readonly PACKET_SIZE: number
}

/** Signs with one of the keys; nothing where that is to be left until the server has said that the key would do. */
export type Signer = (key: ParsedKey, data: Buffer, hash: string | undefined) => Promise<Signature> | Signature

/** Logs in with a signature at once, and says when it has left. To be called as soon as the client connects. */
export function signAtOnce(client: Client, signer: Signer, accepted: readonly string[], signed: () => void): void {
  const { _protocol: protocol } = client as unknown as Internals
  beginAtOnce(protocol, accepted)
  const authenticate = protocol.authPK.bind(protocol)
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign !== undefined) return authenticate(user, key, algorithm, sign)
    return authenticate(user, key, algorithm, (data, done) => {
      void Promise.resolve(signer(key, data, hashes[algorithm ?? ''])).then((signature) => {
        if (!Buffer.isBuffer(signature)) return authenticate(user, key, algorithm)
        done(signature)
        signed()
      })
    })
  }
}

/** Authentication begins when the server has told which signatures it takes, which it does unasked with the new keys, or has consented to begin. */
function beginAtOnce(protocol: Protocol, accepted: readonly string[]): void {
  const handlers = protocol._handlers
  const { SERVICE_ACCEPT: begin, EXT_INFO: learn } = handlers
  const service = protocol.service.bind(protocol)
  let [asked, told, begun, learnt] = [false, false, false, false]
  const beginOnce = () => {
    if (begun || !asked || !told) return
    begun = true
    // ssh2 signs with SHA-1 where a server does not say what it takes.
    if (!learnt) learn(protocol, [{ name: signatureNames, algs: accepted }])
    begin(protocol, 'ssh-userauth')
  }
  const tell = () => {
    told = true
    beginOnce()
  }
  protocol.service = (name) => {
    service(name)
    asked = true
    beginOnce()
  }
  handlers.SERVICE_ACCEPT = tell
  handlers.EXT_INFO = (same, extensions) => {
    learnt ||= extensions.some(({ name }) => name === signatureNames)
    learn(
      same,
      extensions.map((one) => ({ ...one, algs: one.algs?.filter((name) => accepted.includes(name)) })),
    )
    tell()
  }
}

/** Lets the host keep its other keys to itself: asked to prove them, it signs with each of them, and nobody here wants to know. */
export function leaveOtherHostKeys(client: Client): void {
  const handlers = (client as unknown as Internals)._protocol._handlers
  const { GLOBAL_REQUEST: handle } = handlers
  handlers.GLOBAL_REQUEST = (protocol, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com') handle(protocol, name, wantReply, data)
  }
}

const hashes: Readonly<Record<string, string>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ssh-rsa': 'sha1',
}

/** Asks for a channel in which a command can be started. */
export function openSession(client: Client): Promise<ClientChannel> {
  const { _chanMgr: channels, _protocol: protocol } = client as unknown as Internals
  return new Promise((resolve, reject) => {
    const opened = (error: Error | undefined, channel?: ClientChannel) =>
      channel === undefined ? reject(error ?? new Error('no channel')) : resolve(channel)
    protocol.session(channels.add(Object.assign(opened, { type: 'session' })), window, packet)
  })
}

export function isOpen(channel: ClientChannel): boolean {
  return (channel as unknown as ChannelInternals).outgoing.state === 'open'
}

/** Starts a command in a channel, which may be written to at once; it is closed if the host does not consent. */
export function execute(channel: ClientChannel, command: string): void {
  const { outgoing, _callbacks: answers, _client: client } = channel as unknown as ChannelInternals
  answers.push((refused) => {
    if (refused) channel.close()
  })
  client._protocol.exec(outgoing.id, command, true)
}
