import { readdirSync, readFileSync } from 'node:fs'

/** Ends what runs have left behind for those after them: whatever has this folder in its command line or in its environment. */
export function endLeftover(folder: string): void {
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    if (pid === process.pid || (!told(pid, 'cmdline', folder) && !told(pid, 'environ', folder))) continue
    try {
      process.kill(pid)
    } catch {
      // It has just ended.
    }
  }
}

function told(pid: number, file: string, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(`${text}/`)
  } catch {
    return false
  }
}
