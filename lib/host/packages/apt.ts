import type { Ground } from '../ground.ts'
import type { PackageWriter } from './packages.ts'

export function remotePackages(_ground: Ground): PackageWriter {
  throw new Error('being built')
}
