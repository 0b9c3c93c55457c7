import type { Reply } from './reply.ts'

/** What became of a program that was to be ended on a host, and of what it had started. */
export type Ending =
  | { readonly is: 'ended' }
  /** The processes that are still there after SIGKILL. */
  | { readonly is: 'left'; readonly processes: readonly string[] }
  /** Nobody could look. */
  | { readonly is: 'unseen'; readonly what: string; readonly why: string }

export const ended: Ending = { is: 'ended' }

/** The ending when all processes have ended. */
export const allEnded = 'what it ran was ended, except for daemons and package installations'

/** The statuses with which the script of `endTree` ends, other than 0. */
export const endStatus = { left: 3, noProc: 4, doubtful: 5 } as const

/** The ending when the host could not be asked. */
export function unseen(pid: number, why: string): Ending {
  return { is: 'unseen', what: `process ${pid}, with what it has started,`, why }
}

/** The ending that the script of `endTree` tells. */
export function endingOf({ status, stdout }: Reply, pid: number): Ending {
  if (status === 0) return ended
  const processes = stdout.toString().trim().split('\n')
  if (status === endStatus.left) return { is: 'left', processes }
  if (status === endStatus.doubtful)
    return { is: 'unseen', what: processes.join(', '), why: 'nothing tells whether the command has started it' }
  const why = status === endStatus.noProc ? 'the host has no /proc to find it in' : 'looking for it failed'
  return unseen(pid, why)
}

/** The report on programs that had to be ended: empty when all have ended, or when there were none. */
export function mayStillRun(endings: readonly Ending[], host: string): string | undefined {
  const said = endings.flatMap((ending) => {
    if (ending.is === 'ended') return []
    if (ending.is === 'left') return [`${ending.processes.join(', ')} could not be killed on ${host}`]
    return [`${ending.what} may still run on ${host}: ${ending.why}`]
  })
  return said.length === 0 ? undefined : [...new Set(said)].join('; ')
}
