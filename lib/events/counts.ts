import type { Counts, ResultEvent } from './event.ts'

const none: Counts = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }

/** The recap's numbers of every host that these results are about. */
export function countResults(results: Iterable<ResultEvent>): Record<string, Counts> {
  const hosts: Record<string, Counts> = {}
  for (const event of results) hosts[event.host] = countResult(hosts[event.host], event)
  return hosts
}

/**
 * A host's numbers with one more result. As Ansible counts: what changed is ok too; an ignored failure is ok and ignored, and
 * counts as changed if it did change something; a rescued one is only rescued; a loop counts once.
 */
export function countResult(before: Counts = none, event: ResultEvent): Counts {
  if (event.item !== undefined) return before
  const counted = { ...before }
  for (const name of namesOf(event)) counted[name] += 1
  return counted
}

function namesOf({ status, forgiven, result }: ResultEvent): readonly (keyof Counts)[] {
  switch (status) {
    case 'ok':
    case 'skipped':
    case 'unreachable':
      return [status]
    case 'changed':
      return ['ok', 'changed']
    case 'failed':
      if (forgiven === 'rescued') return ['rescued']
      if (forgiven === 'ignored')
        return ['ok', 'ignored', ...(result['changed'] === true ? (['changed'] as const) : [])]
      return ['failed']
  }
}
