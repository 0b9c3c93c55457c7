import type { Facts } from './facts.ts'
import type { Ground } from './ground.ts'

/** Asks a host for its facts, in one request. */
export function gatherFacts(_ground: Ground): Promise<Facts> {
  throw new Error('being built')
}
