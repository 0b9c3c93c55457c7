import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Check } from './check.ts'
import { programNames } from './programs.ts'

/** Unit tests find on their PATH what this machine has, without the programs of Debian packages that tests may need: a test that needs one says so. */
export function withoutPrograms(checks: readonly Check[], node: string = process.execPath): readonly Check[] {
  if (checks.length === 0) return []
  const path = pathWithout(new Set(programNames), node)
  return checks.map((check) => ({ ...check, env: { ...check.env, PATH: path } }))
}

/** A folder of links to all programs on the PATH but these, and to this `node`; removed at the end. */
function pathWithout(names: ReadonlySet<string>, node: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-path-'))
  chmodSync(folder, 0o755)
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const linked = new Set([...names, 'node'])
  symlinkSync(node, join(folder, 'node'))
  for (const from of (process.env['PATH'] ?? '').split(delimiter).filter((from) => existsSync(from)))
    for (const name of readdirSync(from))
      if (!linked.has(name)) {
        linked.add(name)
        symlinkSync(join(from, name), join(folder, name))
      }
  return folder
}
