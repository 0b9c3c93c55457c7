import type { Ground } from '../ground.ts'
import type { PostgresWriter, ServerAddress } from './postgres.ts'

/** The servers of one host; a connection is opened when first asked for and kept until close. */
export interface Servers {
  at(address: ServerAddress): PostgresWriter
  close(): Promise<void>
}

export function remotePostgres(_ground: Ground): Servers {
  throw new Error('being built')
}
