import type { ControlData } from './control-data.ts'

/** A place in the WAL, as a number that compares: `1/2F` is 0x10000002F. */
export function lsn(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

/** A timeline that was left, and where. */
export interface TimelineFork {
  /** Its number. */
  readonly timeline: number
  /** The place in WAL. */
  readonly at: string
}

/** A timeline's history file (https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES); bytes come as hex since version 15. */
export function parseHistory(text: string): readonly TimelineFork[] {
  const plain = /^\\x[0-9a-f]*$/i.test(text.trim()) ? Buffer.from(text.trim().slice(2), 'hex').toString() : text
  return plain.split('\n').flatMap((line) => {
    const [, timeline, at] = /^\s*(\d+)\s+([0-9A-F]+\/[0-9A-F]+)/i.exec(line) ?? []
    return timeline === undefined || at === undefined ? [] : [{ timeline: Number(timeline), at }]
  })
}

/**
 * Why this cluster cannot follow a server of that timeline as it is: it went on where the other left. Undefined when it can.
 *
 * @param history - of the other server's timeline.
 */
export function divergence(
  control: ControlData,
  standby: boolean,
  timeline: number,
  history: readonly TimelineFork[],
): string | undefined {
  const mine = standby ? Math.max(control.timeline, control.minimum_recovery_timeline) : control.timeline
  if (mine === timeline) return undefined
  const fork = history.find((one) => one.timeline === mine)
  if (fork === undefined) return `it is on timeline ${mine}, which the other server (timeline ${timeline}) never was on`
  if (!standby && control.state !== 'shut down')
    return `it was not stopped cleanly ("${control.state}"), and the other server left timeline ${mine} at ${fork.at}`
  // A checkpoint's place is where it begins: one that begins where the other left is not in the other's history.
  const beyond = standby ? lsn(control.minimum_recovery) > lsn(fork.at) : lsn(control.checkpoint) >= lsn(fork.at)
  const at = standby ? control.minimum_recovery : control.checkpoint
  return beyond ? `it went on to ${at}, where the other server left timeline ${mine} at ${fork.at}` : undefined
}
