import type { Facts } from '../../host/facts.ts'
import type { Hosts } from './hosts.ts'
import type { RunSettings } from '../prepare/settings.ts'

/** What tasks share over the plays of a run. */
export interface RunState {
  readonly settings: RunSettings
  readonly hosts: Hosts
  /** Hosts that failed or could not be reached: no later task runs on them. */
  readonly lost: Set<string>
  /** Registered results, by host and name. */
  readonly results: Map<string, Record<string, unknown>>
  readonly facts: Map<string, Facts>
  readonly stateDir: string
}

/** What a host has registered so far. */
export function resultsOf({ results }: Pick<RunState, 'results'>, host: string): Record<string, unknown> {
  const known = results.get(host)
  if (known !== undefined) return known
  const own: Record<string, unknown> = {}
  results.set(host, own)
  return own
}
