import { posix } from 'node:path'
import { optional, Type, withDefault } from '../../lib/schema/index.ts'
import { majorVersion } from './version.ts'

/** Which cluster, where several may lie on one host (Debian's way: a version and a name). */
export const clusterParams = {
  version: optional(Type.String({ description: 'The major version of PostgreSQL: 17.' })),
  cluster: withDefault(Type.String({ pattern: '^[A-Za-z0-9_.]+$', description: 'The name of the cluster.' }), 'main'),
} as const

/** Debian's folder of a cluster's configuration. */
export function configFolder(version: string, cluster: string): string {
  return `/etc/postgresql/${majorVersion(version)}/${cluster}`
}

export function dataFolder(version: string, cluster: string): string {
  return `/var/lib/postgresql/${majorVersion(version)}/${cluster}`
}

/** The main configuration file that reads this one, by Debian's layout: `…/conf.d/x.conf` is read by `…/postgresql.conf`. */
export function mainConfOf(path: string): string {
  if (posix.basename(path) === 'postgresql.conf') return path
  const folder = posix.dirname(path)
  return posix.join(posix.basename(folder) === 'conf.d' ? posix.dirname(folder) : folder, 'postgresql.conf')
}
