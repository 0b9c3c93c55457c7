import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file of this machine as a whole: others see the old content or the new one, never a part. Only its owner may read it.
 *
 * @throws what the file system throws, for example where the disk is full; nothing is left behind then.
 *
 * @example
 * writeWhole('/root/.cache/hostwright/playbook.json', '{}\n')
 */
export function writeWhole(path: string, content: string | Buffer): void {
  const part = `${path}.${randomUUID()}`
  try {
    writeFileSync(part, content, { mode: 0o600, flag: 'wx' })
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
