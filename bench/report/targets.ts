import type { Entry } from '../measure/race.ts'
import type { Tool } from '../tools/tool.ts'
import { loopKinds } from '../work/loop.ts'
import { addedRoundTrips } from './round-trips.ts'
import type { Results } from './results.ts'
import { digits, spread } from './spread.ts'

export interface Judgement {
  readonly target: string
  readonly wanted: string
  readonly measured: string
  /** Undefined where it was not measured. */
  readonly met: boolean | undefined
}

type Where = Partial<Pick<Entry, 'what' | 'hosts' | 'tasks' | 'rtt'>>

/** What hostwright sets out to be, each told from the results of one case. */
export function judgeTargets({ cases }: Results): readonly Judgement[] {
  const entriesOf = (name: string) => cases[name]?.entries ?? []
  const find = (name: string, tool: Tool, where: Where = {}) =>
    entriesOf(name).find(
      (entry) =>
        entry.tool === tool && Object.entries(where).every(([key, value]) => entry[key as keyof Where] === value),
    )
  const seconds = (name: string, tool: Tool, where?: Where) => {
    const found = find(name, tool, where)
    return found === undefined ? undefined : spread(found.wall)?.median
  }
  const ratio = (one: number | undefined, other: number | undefined) =>
    one === undefined || other === undefined ? undefined : one / other
  /** How many times longer a rival takes. */
  const faster = (name: string, rival: Tool, where?: Where) =>
    ratio(seconds(name, rival, where), seconds(name, 'hostwright', where))
  /** How many times longer hostwright takes. */
  const slower = (name: string, rival: Tool, where?: Where) =>
    ratio(seconds(name, 'hostwright', where), seconds(name, rival, where))
  const whatOf = (part: string) => ({ what: entriesOf('files').find(({ what }) => what.includes(part))?.what ?? part })
  const perHost = (hosts: number) => ratio(seconds('growth', 'hostwright', { what: 'more hosts', hosts }), hosts)
  const far = find('latency', 'hostwright', { rtt: 200 })
  const sent = (tool: Tool) => find('converged', tool)?.sent
  const hundred = find('mixed', 'hostwright', { hosts: 100 })?.memory
  const tripsFar = far === undefined ? undefined : (far.round_trips ?? addedRoundTrips(far, entriesOf('latency')))

  return [
    atMost('site.ts converged, against a script per host', slower('converged', 'script'), 2, '×'),
    atLeast('site.ts converged, against mitogen', faster('converged', 'mitogen'), 6, '×'),
    atLeast('site.ts converged, against pipelining', faster('converged', 'pipelining'), 10, '×'),
    atMost('site.ts converged, bytes sent, share of mitogen’s', ratio(sent('hostwright'), sent('mitogen')), 0.1, ''),
    atMost('site.ts first bring-up, against a script per host', slower('first', 'script'), 1.15, '×'),
    atMost('command line to first byte on the wire', seconds('start', 'hostwright'), 0.4, ' s'),
    atLeast('100 tasks on one host, against mitogen', faster('mixed', 'mitogen', { hosts: 1 }), 8, '×'),
    atLeast('100 tasks on one host, against pipelining', faster('mixed', 'pipelining', { hosts: 1 }), 30, '×'),
    atLeast('100 tasks on 10 hosts, against mitogen', faster('mixed', 'mitogen', { hosts: 10 }), 15, '×'),
    atLeast('100 tasks on 100 hosts, against mitogen', faster('mixed', 'mitogen', { hosts: 100 }), 20, '×'),
    atMost('100 tasks on 100 hosts, memory', hundred === undefined ? undefined : hundred / 1e6, 300, ' MB'),
    atMost('time per host and task, 200 hosts against 10', ratio(perHost(200), perHost(10)), 1.5, '×'),
    atMost(
      `100 tasks at 200 ms, round trips${far?.round_trips === undefined ? ' with login' : ' after login'}`,
      tripsFar,
      far?.round_trips === undefined ? 20 : 10,
      '',
    ),
    atMost('100 tasks at 200 ms', seconds('latency', 'hostwright', { rtt: 200 }), 5, ' s'),
    ...['', ', login kept'].flatMap((login) =>
      [1, 10].flatMap((hosts) =>
        loopKinds
          .map((kind) => [kind, faster('loop', 'mitogen', { what: `loop of 100 ${kind}${login}`, hosts })] as const)
          // The short form has no loops on ten hosts.
          .filter(([, times]) => hosts === 1 || times !== undefined)
          .map(([kind, times]) =>
            atLeast(`a loop of 100 ${kind} on ${countOf(hosts)}${login}, against mitogen`, times, 20, '×'),
          ),
      ),
    ),
    atLeast("small files, against Ansible's copy", faster('files', 'ansible', whatOf('small files, first')), 20, '×'),
    atLeast("one large file, share of scp's speed", faster('files', 'scp', whatOf('MB, first')), 0.8, ''),
  ]
}

const countOf = (hosts: number): string => (hosts === 1 ? 'one host' : `${hosts} hosts`)

const judged = (
  target: string,
  sign: string,
  limit: number,
  value: number | undefined,
  unit: string,
  met: boolean,
) => ({
  target,
  wanted: `${sign} ${limit}${unit}`,
  measured: value === undefined ? '–' : `${digits(value)}${unit}`,
  met: value === undefined ? undefined : met,
})

const atMost = (target: string, value: number | undefined, limit: number, unit: string): Judgement =>
  judged(target, '≤', limit, value, unit, (value ?? Infinity) <= limit)

const atLeast = (target: string, value: number | undefined, limit: number, unit: string): Judgement =>
  judged(target, '≥', limit, value, unit, (value ?? 0) >= limit)
