import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files by their path; a text that begins with `#!` becomes executable. */
export type Files = Readonly<Record<string, string>>

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Writes the files into a folder of its own, and gives its path. They go away when the process ends. */
export function writeFixture(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    if (text.startsWith('#!')) chmodSync(file, 0o755)
  }
  return folder
}
