import { createCipheriv } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that nobody can compress, the same for each seed. */
function noise(seed: number) {
  const key = Buffer.alloc(16, seed)
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
  return (size: number): Buffer => cipher.update(Buffer.alloc(size))
}

/** A folder of so many small files, a hundred to a folder, from a line of text to some kilobytes. */
export function writeTree(folder: string, count: number): void {
  const bytes = noise(1)
  for (let i = 0; i < count; i += 1) {
    const below = join(folder, `part${Math.floor(i / 100)}`)
    if (i % 100 === 0) mkdirSync(below, { recursive: true })
    writeFileSync(join(below, `file${i}`), bytes(40 + ((i * 997) % 2000)).toString('base64'))
  }
}

export function writeLarge(path: string, megabytes: number): void {
  const bytes = noise(2)
  const file = openSync(path, 'w')
  for (let i = 0; i < megabytes; i += 1) writeSync(file, bytes(1_000_000))
  closeSync(file)
}
