import type { Entry } from '../measure/race.ts'
import { spread } from './spread.ts'

/**
 * How many round trips a run waits for, login included, told by what a longer way costs: the time it adds, divided by what is
 * added to each round trip.
 */
export function addedRoundTrips(entry: Entry, entries: readonly Entry[]): number | undefined {
  const { rtt } = entry
  if (rtt === undefined || rtt === 0) return undefined
  const near = entries.find((other) => other.tool === entry.tool && other.what === entry.what && other.rtt === 0)
  const [here, there] = [near === undefined ? undefined : spread(near.wall), spread(entry.wall)]
  if (here === undefined || there === undefined) return undefined
  return Math.round(((there.median - here.median) * 10_000) / rtt) / 10
}
