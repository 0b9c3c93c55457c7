import type { Ground } from '../ground.ts'
import type { ServiceWriter } from './services.ts'

export function remoteServices(_ground: Ground): ServiceWriter {
  throw new Error('being built')
}
