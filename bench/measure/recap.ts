/** What a run says of itself at its end. */
export interface Recap {
  readonly hosts: Readonly<Record<string, { readonly changed: number; readonly failed: number }>>
  /** Requests sent to each host, and how many of them had to wait for the reply to another; only hostwright tells. */
  readonly requests?: Readonly<Record<string, number>>
  readonly round_trips?: Readonly<Record<string, number>>
}

const line = /^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm

/** The recap of Ansible, of hostwright, and of the scripts, which print the same line. */
export function recapOf(stdout: string): Recap {
  if (stdout.startsWith('{')) return eventOf(stdout)
  const found = [...stdout.matchAll(line)].map(
    ([, host = '', changed, unreachable, failed]) =>
      [host, { changed: Number(changed), failed: Number(unreachable) + Number(failed) }] as const,
  )
  return { hosts: Object.fromEntries(found) }
}

interface RecapEvent {
  readonly type: string
  readonly hosts: Readonly<Record<string, Readonly<Record<'changed' | 'failed' | 'unreachable', number>>>>
  readonly requests?: Readonly<Record<string, number>>
  readonly round_trips?: Readonly<Record<string, number>>
}

function eventOf(stdout: string): Recap {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  const event = JSON.parse(last) as RecapEvent
  if (event.type !== 'recap') return { hosts: {} }
  const hosts = Object.entries(event.hosts).map(([host, { changed, failed, unreachable }]) => [
    host,
    { changed, failed: failed + unreachable },
  ])
  const { requests, round_trips } = event
  return {
    hosts: Object.fromEntries(hosts) as Recap['hosts'],
    ...(requests === undefined ? {} : { requests }),
    ...(round_trips === undefined ? {} : { round_trips }),
  }
}

interface End {
  readonly status: number
  readonly late: boolean
}

export function endedBadly({ status, late }: End): string | undefined {
  if (late) return 'it was cut off after its limit'
  return status === 0 ? undefined : `it ended with status ${status}`
}

/** Why a run does not count; undefined when it does. */
export function complaint(
  recap: Recap,
  end: End,
  wanted: { readonly hosts: number; readonly converged: boolean },
): string | undefined {
  const bad = endedBadly(end)
  if (bad !== undefined) return bad
  const hosts = Object.entries(recap.hosts)
  if (hosts.length !== wanted.hosts) return `its recap names ${hosts.length} hosts of ${wanted.hosts}`
  const failed = hosts.filter(([, counts]) => counts.failed > 0).map(([host]) => host)
  if (failed.length > 0) return `it failed on ${failed.join(', ')}`
  const changed = hosts.filter(([, counts]) => counts.changed > 0)
  if (wanted.converged && changed.length > 0)
    return `it changed ${changed.map(([host, counts]) => `${counts.changed} on ${host}`).join(', ')}`
  return undefined
}
