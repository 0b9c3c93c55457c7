import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Check, Verdict } from './check.ts'

/** Where each process of a test writes which code it ran (V8's own format). */
const folder = resolve('coverage/tmp')

/** The same checks, each of which records what it runs. That costs about a fifth of their time. */
export function recorded(checks: readonly Check[]): readonly Check[] {
  if (checks.length > 0) rmSync(folder, { recursive: true, force: true })
  return checks.map((check) => ({ ...check, env: { ...check.env, NODE_V8_COVERAGE: folder } }))
}

/** Reads what was recorded, writes `coverage/index.html`, and prints the summary. */
export function printCoverage(): Verdict {
  const c8 = ['node_modules/c8/bin/c8.js', 'report', '--temp-directory', folder, '-r', 'text-summary', '-r', 'html']
  const { status, stdout, stderr } = spawnSync(process.execPath, c8, { encoding: 'utf8', maxBuffer: 1e8 })
  const fine = status === 0
  console.log(fine ? `\n${stdout.trim()}` : `FAILED coverage: c8 could not read ${folder}\n${stderr}`)
  return { name: 'coverage', passed: fine ? 1 : 0, failed: fine ? 0 : 1 }
}
