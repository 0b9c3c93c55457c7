import type { Case } from './case.ts'
import { convergedCase } from './converged.ts'
import { filesCase } from './files.ts'
import { firstCase } from './first.ts'
import { growthCase } from './growth.ts'
import { latencyCase } from './latency.ts'
import { loopCase } from './loop.ts'
import { mixedCase } from './mixed.ts'
import { startCase } from './start.ts'

/** In the order in which they run. */
export const allCases: readonly Case[] = [
  startCase,
  convergedCase,
  firstCase,
  loopCase,
  latencyCase,
  filesCase,
  mixedCase,
  growthCase,
]
