import type { Ground } from '../ground.ts'
import type { FileWriter } from './files.ts'

export function remoteFiles(_ground: Ground): FileWriter {
  throw new Error('being built')
}
