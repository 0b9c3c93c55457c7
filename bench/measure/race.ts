import type { Tool } from '../tools/tool.ts'
import type { Command, Cost } from './measure.ts'
import { recapOf, type Recap } from './recap.ts'

/** What was measured where: the key of a row in the results. */
export interface Point {
  readonly what: string
  readonly hosts: number
  readonly tasks: number
  /** Round-trip time that was added, in milliseconds; undefined on the bare network. */
  readonly rtt?: number
}

export interface Entry extends Point {
  readonly tool: Tool
  /** Seconds of each run that counts. */
  readonly wall: readonly number[]
  /** User and system seconds of the controller's whole process tree. */
  readonly cpu: readonly number[]
  /** Bytes, of the run that was looked at. */
  readonly memory?: number
  /** Bytes sent to all hosts together, in the run that counts and needed fewest. */
  readonly sent?: number
  /** The most that one host was sent. */
  readonly requests?: number
  readonly round_trips?: number
  /** Why runs do not count. */
  readonly spoiled: readonly string[]
}

export interface Racer {
  readonly tool: Tool
  readonly command: Command
  /** The same run in the form in which it tells what it asked of the hosts. */
  readonly telling?: Command
  readonly runs: number
}

export interface Race {
  readonly at: Point
  readonly racers: readonly Racer[]
  /** Runs that count are looked at, too: for those so long that a run before all others, which warms up, is not worth its time. */
  readonly cold?: boolean
  /** Before each run, outside of what is measured. */
  readonly before?: (tool: Tool) => Promise<void>
  /** Why a run does not count, looked at outside of what is measured. */
  readonly judge: (cost: Cost, recap: Recap, tool: Tool) => Promise<string | undefined> | string | undefined
  /** What is noted as a run's time, when that is not the time until it ended. */
  readonly seconds?: (cost: Cost) => number
}

type Log = { -readonly [K in keyof Entry]: Entry[K] extends readonly (infer T)[] ? T[] : Entry[K] }

/** Runs everybody in turn, round after round, so that whatever else the machine does meets all of them alike. */
export async function race(
  { at, racers, cold = false, before, judge, seconds = ({ wall }) => wall }: Race,
  measure: (command: Command, memory: boolean) => Promise<Cost>,
  say: (line: string) => void,
): Promise<readonly Entry[]> {
  const logs = new Map<Racer, Log>(
    racers.map((racer) => [racer, { ...at, tool: racer.tool, wall: [], cpu: [], spoiled: [] }]),
  )
  const once = async (racer: Racer, kind: 'look' | 'run' | 'both') => {
    const log = logs.get(racer)
    if (log === undefined || log.spoiled.length > 1) return
    await before?.(racer.tool)
    const command = kind === 'look' ? (racer.telling ?? racer.command) : racer.command
    const raw = await measure(command, kind !== 'run')
    const cost = { ...raw, wall: seconds(raw) }
    const recap = recapOf(cost.stdout)
    const wrong = await judge(cost, recap, racer.tool)
    say(
      `  ${describe(racer.tool, at)}: ${cost.wall.toFixed(2)} s${wrong === undefined ? '' : `, does not count: ${wrong}`}`,
    )
    if (wrong !== undefined) {
      log.spoiled.push(wrong)
      say(tail(cost))
    } else note(log, cost, recap, kind)
  }
  const looked = ({ runs }: Racer) => !cold && runs > 1
  for (const racer of racers) if (looked(racer)) await once(racer, 'look')
  const rounds = Math.max(...racers.map(({ runs }) => runs))
  for (let round = 0; round < rounds; round += 1)
    for (const racer of turned(racers, round)) if (racer.runs > round) await once(racer, looked(racer) ? 'run' : 'both')
  return [...logs.values()]
}

function note(
  log: Log,
  { wall, cpu, peak, sent }: Cost,
  { requests, round_trips }: Recap,
  kind: 'look' | 'run' | 'both',
) {
  if (kind !== 'run') log.memory = Math.max(peak, log.memory ?? 0)
  if (kind !== 'look') {
    log.wall.push(rounded(wall))
    log.cpu.push(rounded(cpu))
    log.sent = Math.min(sent, log.sent ?? sent)
  }
  if (requests !== undefined) log.requests = Math.max(...Object.values(requests))
  if (round_trips !== undefined) log.round_trips = Math.max(...Object.values(round_trips))
}

const rounded = (seconds: number): number => Math.round(seconds * 10_000) / 10_000

/** Who begins changes from round to round. */
export const turned = <T>(list: readonly T[], by: number): readonly T[] =>
  list.map((_, i) => list[(i + by) % list.length] as T)

const describe = (tool: Tool, { what, hosts, tasks, rtt }: Point): string =>
  `${tool.padEnd(11)}${what}, ${hosts} hosts, ${tasks} tasks${rtt === undefined ? '' : `, ${rtt} ms`}`

const tail = ({ stdout, stderr }: Cost): string =>
  [...stdout.trimEnd().split('\n').slice(-12), ...stderr.trimEnd().split('\n').slice(-12)]
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n')
