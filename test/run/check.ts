/** What `npm test` starts: a program that passes or fails as a whole, or a test file whose tests are counted. */
export interface Check {
  readonly name: string
  readonly argv: readonly string[]
  /** Seconds until it is ended and counts as failed: three times what it takes on a slow machine, because only what hangs should be ended. */
  readonly limit: number
  /** Whether uvu's closing lines must show that tests ran. */
  readonly counts: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Debian packages that it needs. */
  readonly packages?: readonly string[]
  readonly slow?: boolean
}

export interface Verdict {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

/** How a check ended. `late`: it was ended because its time was over. */
export interface Ending {
  readonly code: number
  readonly output: string
  readonly late: boolean
}

/** A test file that counts no test has failed, whatever its status says: a missing test.run() or a typo must not look green. */
export function judge({ name, counts }: Check, { code, output, late }: Ending): Verdict {
  if (!counts) return code === 0 ? { name, passed: 1, failed: 0 } : { name, passed: 0, failed: 1 }
  const number = (word: string) => Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0)
  const [total, passed] = [number('Total'), number('Passed')]
  const failed = total - passed
  return late || code !== 0 || total === 0 ? { name, passed, failed: Math.max(1, failed) } : { name, passed, failed }
}

/** Prints which checks failed and the closing line, and sets the exit status. Nothing at all has failed, too. */
export function printTotal(verdicts: readonly Verdict[]): void {
  const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0)
  const failed = verdicts.length === 0 ? 1 : verdicts.reduce((sum, verdict) => sum + verdict.failed, 0)
  const bad = verdicts.filter((verdict) => verdict.failed > 0).map(({ name }) => name)
  if (bad.length > 0) console.log(`\nfailed: ${bad.join(', ')}`)
  console.log(`\n${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}
