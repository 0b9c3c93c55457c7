import type { Become, Connection, Reply } from '../connection/connection.ts'
import type { Ending } from '../connection/wire/ending.ts'
import type { Facts } from './facts.ts'
import { remoteFiles } from './files/remote/remote.ts'
import { remoteFileReader } from './files/remote/remote-reader.ts'
import { gatherFacts } from './gather.ts'
import { hostShellFor, openHostShell, type HostShell, type Watcher } from './host-shell.ts'
import type { Answer, Host } from './host.ts'
import { memory } from './memory.ts'
import { aptPackages } from './packages/apt.ts'
import { aptReader } from './packages/apt-reader.ts'
import { remotePostgres } from './postgres/remote.ts'
import { rememberedReaders, rememberingHost, type Readers } from './remembered.ts'
import { remoteServices } from './services/systemd.ts'
import { systemdReader } from './services/systemd-reader.ts'
import { remoteUserReader, remoteUsers } from './users/remote.ts'
import { watchLines } from './last-line.ts'

/** A real machine, for one user of it. It does not own the connection. */
export interface RealHost {
  /** The host for one task, whose output goes to this watcher. */
  watchedBy(progress: Watcher['progress'], cut?: Watcher['cut']): Host
  /** The same for all plans: what was asked of its files, users, packages and services is not asked again until something changes. */
  readonly remembering: Host
  /** Empties that memory: something was changed, or may have been. */
  forget(): void
  /** Has databases cancel what they were asked, and asks nothing more. @returns what became of it. */
  cutShort(): Promise<readonly Ending[]>
  /** Ends what it opened: connections to databases. */
  close(): Promise<void>
}

export async function openHost(connection: Connection, become?: Become): Promise<RealHost> {
  const hostShell = await openHostShell(connection, become, () => undefined)
  const servers = remotePostgres(hostShell)
  const known = memory()
  const factsKnown = memory()
  const facts = { get: factsKnown.remember(() => gatherFacts(hostShell)), forget: () => factsKnown.forget() }
  // One set of readers for all tasks, so that questions of several tasks go together.
  const readers = readersOf(hostShell)
  const remembered = rememberedReaders(readers, known)
  const hostFor: RealHost['watchedBy'] = (progress, cut) =>
    assemble(hostShellFor(hostShell, { progress, cut }), readers, (address) => servers.at(address, cut), facts)
  return {
    watchedBy: hostFor,
    remembering: rememberingHost(
      hostFor(() => undefined),
      remembered,
      known,
    ),
    forget: () => known.forget(),
    cutShort: () => servers.cutShort(),
    close: () => servers.close(),
  }
}

/** A host of another package system than apt says so at the first question. */
function readersOf(hostShell: HostShell): Readers {
  return {
    files: remoteFileReader(hostShell),
    packages: aptReader(hostShell),
    services: systemdReader(hostShell),
    users: remoteUserReader(hostShell),
  }
}

function assemble(
  hostShell: HostShell,
  readers: Readers,
  postgres: Host['postgres'],
  facts: { readonly get: () => Promise<Facts>; readonly forget: () => void },
): Host {
  return {
    name: hostShell.name,
    user: hostShell.user,
    files: remoteFiles(hostShell, readers.files),
    packages: aptPackages(hostShell, readers.packages),
    services: remoteServices(hostShell, readers.services),
    users: remoteUsers(hostShell, readers.users),
    postgres,
    facts: facts.get,
    progress: hostShell.progress,
    ask: async (script, { about: _, ...options } = {}) => answer(await hostShell.request(script, options)),
    run: async (script, { effect: _, leaves: __, facts: changed, ...options }) => {
      const said = answer(await hostShell.exec(script, { ...options, onOutput: watchLines(hostShell.progress) }))
      if (changed !== undefined) facts.forget()
      return said
    },
  }
}

function answer(reply: Reply): Answer {
  return { status: reply.status, stdout: reply.stdout.toString(), stderr: reply.stderr.toString() }
}
