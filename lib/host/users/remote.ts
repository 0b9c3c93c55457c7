import type { Ground } from '../ground.ts'
import type { UserWriter } from './users.ts'

export function remoteUsers(_ground: Ground): UserWriter {
  throw new Error('being built')
}
