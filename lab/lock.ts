import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError } from './command.ts'

/**
 * Runs `work` while holding an exclusive lock on a file. The lock belongs to a child that ends when our end of its
 * standard input closes, so even a killed controller leaves no lock behind.
 */
export async function withLock<T>(file: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true })
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const patience = setTimeout(waiting, 500)
  const held = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'exit').then(() => false),
    once(holder, 'error').then(() => false),
  ])
  clearTimeout(patience)
  if (!held)
    throw new LabError(`Could not lock ${file}.`, 'Check that its folder can be written and that flock is there.')
  try {
    return await work()
  } finally {
    const gone = once(holder, 'exit')
    holder.stdin.end()
    await gone
  }
}
