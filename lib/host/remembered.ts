import type { FileReader } from './files/files.ts'
import type { Host, HostReader } from './host.ts'
import { forgetting, type Memory } from './memory.ts'
import type { PostgresReader } from './postgres/postgres.ts'

/** The questions to a host that run no script of a module. */
export type Readers = Pick<HostReader, 'files' | 'packages' | 'services' | 'users'>

/** Longer contents are not held on to. */
const longestKept = 65_536

/** The same readers; what was asked once is not asked again until the memory is emptied. */
export function rememberedReaders({ files, packages, services, users }: Readers, memory: Memory): Readers {
  const { remember } = memory
  const stat = remember((path: string, follow: boolean) => files.stat(path, { follow }))
  const checksum = remember<Parameters<FileReader['checksum']>, string | undefined>((...asked) =>
    files.checksum(...asked),
  )
  return {
    files: {
      stat: (path, { follow = false } = {}) => stat(path, follow),
      read: remember(
        (path) => files.read(path),
        (content) => (content?.length ?? 0) <= longestKept,
      ),
      checksum,
      sha256: (path, options) => checksum(path, 'sha256', options),
      list: remember((path) => files.list(path)),
      tree: remember((path) => files.tree(path)),
      umask: remember(() => files.umask()),
    },
    packages: {
      states: remember((names, options) => packages.states(names, options)),
      cacheTime: remember(() => packages.cacheTime()),
      names: remember((prefix) => packages.names(prefix)),
      removable: remember(() => packages.removable()),
    },
    services: {
      state: remember((name) => services.state(name)),
      units: remember(() => services.units()),
      managerNeedsReload: remember(() => services.managerNeedsReload()),
    },
    users: {
      user: remember((name) => users.user(name)),
      group: remember((name) => users.group(name)),
    },
  }
}

/** The methods of a database server that only read. */
export const postgresQuestions: readonly (keyof PostgresReader)[] = [
  'query',
  'outcome',
  'loadTime',
  'promised',
  'version',
]

/** The host with these readers in the place of its own; whatever changes it empties the memory. */
export function rememberingHost(host: Host, readers: Readers, { remember, forget }: Memory): Host {
  const lasting = remember((...question: Parameters<Host['ask']>) => host.ask(...question))
  const part = <W extends object, R extends W>(writer: R, reader: W): R =>
    forgetting({ ...writer, ...reader }, Object.keys(reader) as (keyof R)[], forget)
  return {
    ...host,
    ask: (script, options = {}) => (options.remember === true ? lasting : host.ask)(script, options),
    files: part(host.files, readers.files),
    packages: part(host.packages, readers.packages),
    services: part(host.services, readers.services),
    users: part(host.users, readers.users),
    postgres: (address) => forgetting(host.postgres(address), postgresQuestions, forget),
    run: forgetting({ run: host.run }, [], forget).run,
  }
}
