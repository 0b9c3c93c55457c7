import { randomBytes } from 'node:crypto'
import type { HostwrightError } from '../../../error.ts'
import { spawned } from '../local.ts'
import type { ProcessEnd, HostProcess, StartOptions, Transport } from '../../wire/process.ts'
import { programCommand } from './command-line.ts'
import { EndMark, withEndMark } from './end-mark.ts'
import { lostError } from './errors.ts'
import { logIn, type Login } from './login.ts'
import type { OpenSshOptions } from '../../settings/openssh-options.ts'

/** sshd takes ten sessions on a connection (MaxSessions); two stay free for ending what hangs. */
const mostPrograms = 8

/** Runs programs on a host through OpenSSH's `ssh`: one login for the host, and one ssh process for each program over that login. */
export async function openSshTransport(
  host: string,
  options: OpenSshOptions,
  connectTimeout: number,
): Promise<Transport> {
  return new OpenSshTransport(host, options, await logIn(host, options, connectTimeout))
}

class OpenSshTransport implements Transport {
  readonly host: string
  readonly maxProcesses = mostPrograms
  readonly keepsEarly = true
  readonly endsBehind = true
  readonly user?: string
  readonly #options: OpenSshOptions
  readonly #login: Login
  #lost: HostwrightError | undefined
  #closing = false

  constructor(host: string, options: OpenSshOptions, login: Login) {
    this.host = host
    if (options.user !== undefined) this.user = options.user
    this.#options = options
    this.#login = login
    void login.gone.then(() => {
      if (!this.#closing) this.#lost = lostError(host, login.words())
    })
  }

  get lost(): HostwrightError | undefined {
    return this.#lost
  }

  async start(command: string, { pty = false }: StartOptions = {}): Promise<HostProcess> {
    if (this.#lost !== undefined) throw this.#lost
    const mark = `hostwright-ended-${randomBytes(8).toString('hex')}`
    // A terminal has one stream for both outputs, so the mark could not be removed from it.
    const line = pty ? `exec ${command}` : withEndMark(command, mark)
    const ssh = await spawned(this.host, programCommand(this.#options, this.#login.socket, line, pty))
    return pty ? { ...ssh, ...this.#checked(ssh) } : this.#marked(ssh, new EndMark(mark))
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#login.close()
  }

  #marked(ssh: HostProcess, end: EndMark): HostProcess {
    const { exited, ended } = this.#checked(ssh)
    const told = end.status.then((status): ProcessEnd => ({ status, signal: undefined }))
    const read = new Promise<void>((resolve) => end.once('close', resolve))
    ssh.stderr.pipe(end)
    ssh.stderr.once('close', () => end.end())
    return {
      stdin: ssh.stdin,
      stdout: ssh.stdout,
      stderr: end,
      exited: Promise.race([told, exited]),
      ended: Promise.all([ended, read]).then(([last]) => Promise.race([told, Promise.resolve(last)])),
      close() {
        ssh.close()
        end.destroy()
      },
    }
  }

  /** ssh ends with 255 when the connection is lost. It is not the program's status then. */
  #checked(ssh: HostProcess): Pick<HostProcess, 'exited' | 'ended'> {
    const check = async (ended: ProcessEnd): Promise<ProcessEnd> => {
      if (ended.status !== 255 || (await this.#login.answers())) return ended
      await this.#login.gone
      return { status: undefined, signal: undefined }
    }
    return { exited: ssh.exited.then(check), ended: ssh.ended.then(check) }
  }
}
