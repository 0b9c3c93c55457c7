import { readFileSync } from 'node:fs'

/** Whether a process of this machine runs. A zombie, which only waits for its parent, does not. */
export function runs(pid: number): boolean {
  try {
    return pid > 0 && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
