import type { Client, ClientChannel, ExecOptions } from 'ssh2'
import { HostwrightError } from '../../error.ts'
import type { ProcessEnd, HostProcess, StartOptions, Transport } from '../wire/process.ts'
import { within } from '../wire/process.ts'
import { logIn, type LoggedIn } from './client.ts'
import { execute } from './eager.ts'
import { lostError } from './errors.ts'
import { mostChannels, type SshTarget } from '../settings/ssh-target.ts'

/** Programs on the host that this target names, over one ssh connection. */
export async function sshTransport(target: SshTarget): Promise<SshTransport> {
  return new SshTransport(target, await logIn(target))
}

export class SshTransport implements Transport {
  readonly host: string
  readonly maxProcesses = mostChannels
  readonly user: string
  readonly keepsEarly = true
  readonly endsBehind = true
  /** Whether a key of the agent's let it in. */
  readonly byAgent: boolean
  readonly #target: SshTarget
  readonly #login: LoggedIn
  /** Resolves when the connection is no more, whoever ended it. */
  readonly gone: Promise<void>
  #lost: HostwrightError | undefined
  #closing = false

  constructor(target: SshTarget, login: LoggedIn) {
    this.host = target.name
    this.user = target.user
    this.byAgent = login.byAgent
    this.#target = target
    this.#login = login
    const { client } = login
    this.gone = new Promise((resolve) => {
      const lose = (error?: Error) => {
        if (!this.#closing) this.#lost ??= lostError(target, error, '')
        resolve()
        login.close()
      }
      client.on('error', lose)
      client.on('end', () => lose())
      client.on('close', () => lose())
    })
  }

  get lost(): HostwrightError | undefined {
    return this.#lost
  }

  async start(command: string, options: StartOptions = {}): Promise<HostProcess> {
    if (this.#lost !== undefined) throw this.#lost
    const late = () => this.#refused('the host opens no channel in time')
    // ssh2 forgets the question when the connection goes.
    const lost = this.gone.then((): never => {
      throw this.#lost ?? this.#refused('the connection was closed')
    })
    lost.catch(() => {})
    try {
      const opening = this.#open(`exec ${command}`, options.pty === true)
      return seen(await within(this.#target.connectTimeout, Promise.race([opening, lost]), late), this.gone)
    } catch (error) {
      if (error instanceof HostwrightError) throw error
      throw this.#lost ?? this.#refused(`the host opens no channel: ${(error as Error).message}`)
    }
  }

  /** Whether the host still takes part, found out within so many seconds. */
  answers(seconds: number): Promise<boolean> {
    return within(seconds, this.#login.sessions.renew(), () => new Error('no answer')).then(
      () => this.#lost === undefined,
      () => false,
    )
  }

  close(): Promise<void> {
    this.#closing = true
    this.#login.close()
    return Promise.resolve()
  }

  async #open(command: string, pty: boolean): Promise<ClientChannel> {
    const { client, sessions } = this.#login
    if (pty || this.#login.forwardsAgent) return openWith(client, command, pty, this.#login.forwardsAgent)
    const channel = await sessions.take()
    execute(channel, command)
    return channel
  }

  #refused(message: string): HostwrightError {
    return new HostwrightError(message, {
      kind: 'unreachable',
      host: this.host,
      next: 'see sshd’s log on the host (MaxSessions, ForceCommand)',
    })
  }
}

/** With more to be agreed on than the command. */
function openWith(client: Client, command: string, pty: boolean, agentForward: boolean): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const terminal: ExecOptions = pty ? { pty: { term: 'dumb', modes: { ECHO: 0 } } } : {}
    // The type of ssh2 leaves this option out.
    const options: ExecOptions & { readonly agentForward: boolean } = { ...terminal, agentForward }
    client.exec(command, options, (error, channel) =>
      error === undefined || error === null ? resolve(channel) : reject(error),
    )
  })
}

function seen(channel: ClientChannel, gone: Promise<void>): HostProcess {
  let known: ProcessEnd = { status: undefined, signal: undefined }
  const exited = new Promise<ProcessEnd>((resolve) => {
    channel.on('exit', (status: number | null, signal?: string) => {
      known = { status: status ?? undefined, signal }
      resolve(known)
    })
    channel.on('close', () => resolve(known))
    void gone.then(() => resolve(known))
  })
  const ended = new Promise<ProcessEnd>((resolve) => {
    channel.on('close', () => resolve(known))
    void gone.then(() => resolve(known))
  })
  channel.on('error', () => {
    // The connection's own error brings the reason.
  })
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    exited,
    ended,
    close() {
      channel.close()
      // A channel is closed only when all that came has been read.
      channel.resume()
      channel.stderr.resume()
    },
  }
}
