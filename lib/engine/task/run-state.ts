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

/** Takes over what a task found out about its host: `ansible_facts` of its result, as in Ansible. Facts that nobody has asked for yet are left to be gathered. */
export function learnFacts({ facts }: Pick<RunState, 'facts'>, host: string, found: unknown): void {
  const known = facts.get(host)
  if (known === undefined || typeof found !== 'object' || found === null) return
  const news = Object.entries(found).map(([name, value]) => [name.replace(/^ansible_/, ''), value] as const)
  facts.set(host, { ...known, ...Object.fromEntries(news) })
}
