import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './check.ts'
import { packagesFor } from './programs.ts'

/** The test files in folders of `test/`, each as a process of its own. */
export function testFiles(folders: readonly string[], limit: number): readonly Check[] {
  return folders
    .map((folder) => join('test', folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .sort()
        .map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({
      name: file,
      argv: [process.execPath, '--import', 'tsx', file],
      limit,
      counts: true,
      packages: packagesFor(file),
      slow: readFileSync(file, 'utf8').startsWith('// slow: '),
    }))
}
