import { posix } from 'node:path'
import { optional, Type, withDefault } from '../../../schema/index.ts'
import { majorVersion } from './version.ts'

/** It becomes a part of paths, as the name does: neither leads elsewhere. */
export const versionParam = Type.String({
  pattern: '^[0-9]+(\\.[0-9]+)*$',
  description: 'The major version of PostgreSQL: 17.',
})
/** The name of a cluster, as a parameter; `main` by default. */
export const clusterNameParam = withDefault(
  Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9_.]*$', description: 'The name of the cluster.' }),
  'main',
)

/** No name of an account begins with a dash, which programs would take for an option. */
export const ownerParam = withDefault(
  Type.String({ pattern: '^[A-Za-z0-9_.][A-Za-z0-9_.@$-]*$', description: 'The system user it runs as.' }),
  'postgres',
)

/** Which cluster, where several may lie on one host (Debian's way: a version and a name). */
export const clusterParams = {
  version: optional(versionParam),
  cluster: clusterNameParam,
} as const

/** Debian's folder of a cluster's configuration. */
export function configFolder(version: string, cluster: string): string {
  return `/etc/postgresql/${majorVersion(version)}/${cluster}`
}

/** Debian's data directory of a cluster. */
export function dataFolder(version: string, cluster: string): string {
  return `/var/lib/postgresql/${majorVersion(version)}/${cluster}`
}

/** The main configuration file that reads this one, by Debian's layout: `…/conf.d/x.conf` is read by `…/postgresql.conf`. */
export function mainConfOf(path: string): string {
  if (posix.basename(path) === 'postgresql.conf') return path
  const folder = posix.dirname(path)
  return posix.join(posix.basename(folder) === 'conf.d' ? posix.dirname(folder) : folder, 'postgresql.conf')
}
