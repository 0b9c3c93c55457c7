import { defined } from '../defined.ts'
import type { Duplex } from 'node:stream'
import type { Become, Connection, ExecOptions, Reply, RequestOptions } from '../connection/connection.ts'
import type { Cut } from '../connection/wire/cut.ts'
import { HostwrightError } from '../error.ts'
import { quote, raw, Script, sh } from '../quote.ts'

export interface HostShellOptions extends RequestOptions {
  /** Run as this user of the host; root may become anybody, anybody may be themselves. */
  readonly as?: string
}

/** A connection to a host, and who its commands run as. Every part of a host uses it. */
export interface HostShell {
  readonly name: string
  readonly user: string
  /** A script in the long-lived shell. */
  request(script: Script, options?: HostShellOptions): Promise<Reply>
  /** A script in a channel of its own. */
  exec(script: Script, options?: Omit<ExecOptions, 'become'> & { readonly as?: string }): Promise<Reply>
  duplex(script: Script, as?: string): Promise<Duplex>
  /** The last line of output of what runs now, for whoever watches. */
  progress(line: string): void
}

/** The task that a host is for. */
export interface Watcher {
  /** Takes the last line of output of what runs. */
  readonly progress: (line: string) => void
  /** Ends what runs for the task. */
  readonly cut?: Cut | undefined
}

/** Opens the shell of a host for one user. The user name is asked for once where it is not known. */
export async function openHostShell(
  connection: Connection,
  become: Become | undefined,
  progress: (line: string) => void,
): Promise<HostShell> {
  const shell = await connection.shell(become)
  const user = become?.user ?? connection.user ?? (await shell.request(raw('id -un'))).stdout.toString().trim()
  return {
    name: connection.host,
    user,
    request: ({ text }, { as, ...options } = {}) =>
      shell.request(asUser(connection.host, user, as, new Script(text)), options),
    exec: (script, { as, ...options } = {}) =>
      connection.exec(asUser(connection.host, user, as, script), {
        ...options,
        ...defined({ become }),
      }),
    duplex: (script, as) => connection.duplex(asUser(connection.host, user, as, script), become),
    progress,
  }
}

/** The same shell for one task: its progress goes to `progress`, and `cut` ends what runs. */
export function hostShellFor(hostShell: HostShell, { progress, cut }: Watcher): HostShell {
  if (cut === undefined) return { ...hostShell, progress }
  return {
    ...hostShell,
    request: (script, options) => hostShell.request(script, { ...options, cut }),
    exec: (script, options) => hostShell.exec(script, { ...options, cut }),
    progress,
  }
}

function asUser(host: string, user: string, as: string | undefined, script: Script): Script {
  if (as === undefined || as === user) return script
  if (as.startsWith('-'))
    throw new HostwrightError(`"${as}" cannot be the name of a user: programs would take it for an option`, {
      kind: 'input',
      host,
      next: 'correct the name',
    })
  if (user !== 'root')
    throw new HostwrightError(`only root can run commands as ${as}, and the task runs as ${user}`, {
      host,
      next: `set become: true on the play or task, or become_user: '${as}'`,
    })
  const inner = quote(script.text)
  return sh`if command -v runuser >/dev/null 2>&1; then exec runuser -u ${as} -- sh -c ${raw(inner)}; else exec su -s /bin/sh ${as} -c ${raw(inner)}; fi`
}
