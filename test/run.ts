/**
 * Runs every check of the project: lint, format, types, and each test file in a process of its own. Ends with `N passed, N failed`.
 *
 *   npm test                    everything but the long tests
 *   npm test -- --only unit     (or: lab, vagrant, checks) one kind
 *   npm test -- pg_hba          the files whose path holds this
 *   npm run test:vagrant        whole systems, too
 *   npm run test:long           every repetition, both releases, whole systems by vagrant
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { installNeeds } from './needs.ts'

interface Check {
  readonly name: string
  readonly argv: readonly string[]
  /** Seconds until it is ended and counts as failed: three times what it takes on a slow machine, for only what hangs is to be ended. */
  readonly limit: number
  /** Whether uvu's closing lines must show that tests ran. */
  readonly counts: boolean
  readonly env?: Readonly<Record<string, string>>
}

interface Verdict {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, long: { type: 'boolean', default: false } },
  allowPositionals: true,
})

const checks: readonly Check[] = [
  { name: 'eslint', argv: ['npx', 'eslint', '.'], limit: 900, counts: false },
  { name: 'prettier', argv: ['npx', 'prettier', '--check', '.'], limit: 600, counts: false },
  { name: 'types', argv: ['npx', 'tsc', '--noEmit'], limit: 900, counts: false },
]
const unit = files(['architecture', 'lib', 'modules', 'package', 'bench'], 900)
/** Two whole systems by `vagrant up` take half of what all other lab tests take; their playbooks run on lab hosts each time. */
const wholeSystems = values.long || values.only === 'vagrant'
const vagrant = files(['vagrant'], 3600).filter(({ name }) => wholeSystems || !name.includes('systems'))
/** A quarter of an hour, in which it mostly waits for leases to end: it goes beside the others. */
const mostlyWaits = ({ name }: Check) => name.includes('systems/patroni')
// The longest first.
const lab = files(['systems', 'playbooks', 'modules-lab', 'lab'], 3600)
/** Test files that do more when they are told so: a part of the path, what is more, and the variable that says it. */
const more: readonly (readonly [path: string, what: string, env: Readonly<Record<string, string>>])[] = [
  ['lib/engine/look-ahead.test', '2000 random playbooks', { HOSTWRIGHT_RANDOM_PLAYBOOKS: '2000' }],
  ['lib/engine/shared-target.test', '50 times', { HOSTWRIGHT_TEN_ON_ONE: '50' }],
  ['modules-lab/ten-on-one.test', '50 times', { HOSTWRIGHT_TEN_ON_ONE: '50' }],
  ['systems/archive.test', '50 times', { HOSTWRIGHT_TEN_ON_ONE: '50' }],
  ['lib/encode/', '10,000 values', { HOSTWRIGHT_VALUES: '10000' }],
  ['modules/hostile-values.test', '10,000 values', { HOSTWRIGHT_VALUES: '10000' }],
  ['modules/values/', '10,000 values', { HOSTWRIGHT_VALUES: '10000' }],
]
const long = values.long ? longChecks() : []

function files(folders: readonly string[], limit: number): readonly Check[] {
  return folders
    .map((folder) => join('test', folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .sort()
        .map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({ name: file, argv: ['npx', 'tsx', file], limit, counts: true }))
}

/** The long tests on both releases, and on the older one what the short run does on the newer. */
function longChecks(): readonly Check[] {
  const on = (release: string) => (check: Check) => ({
    ...check,
    name: `${check.name} (Debian ${release})`,
    env: { HOSTWRIGHT_LAB_RELEASE: release },
  })
  const all = files(['lib', 'modules', 'modules-lab', 'systems'], 4 * 3600)
  const longer = more.flatMap(([path, what, env]) =>
    all.filter(({ name }) => name.includes(path)).map((check) => ({ ...check, name: `${check.name} (${what})`, env })),
  )
  const each = files(['long'], 4 * 3600)
  const older = [...lab.filter(({ name }) => name.includes('site')), ...files(['systems', 'modules-lab'], 3600)]
  return [...longer, ...each.flatMap((check) => [on('13')(check), on('12')(check)]), ...older.map(on('12'))]
}

function run(check: Check): Promise<Verdict> {
  return new Promise((resolve) => {
    const start = performance.now()
    const [command = '', ...args] = check.argv
    // A process group of its own, so that a test that hangs is ended with all it started.
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', ...check.env },
    })
    let output = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      endGroup(child.pid ?? 0)
    }, check.limit * 1000)
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    // What a failed test left running holds its output open, and would keep the whole run waiting.
    child.on('exit', (code) => {
      if (code !== 0) endGroup(child.pid ?? 0)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      const verdict = judge(check, code ?? 1, output, late)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      const word = verdict.failed === 0 ? 'ok' : 'FAILED'
      console.log(
        `${word.padEnd(7)}${check.name}  ${verdict.passed} passed${verdict.failed > 0 ? `, ${verdict.failed} failed` : ''}  ${seconds} s`,
      )
      if (verdict.failed > 0) console.log(indent(late ? `${output}\nended after ${check.limit} s` : output))
      resolve(verdict)
    })
  })
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A test file that counts no test has failed, whatever its status says: a missing test.run() or a typo must not look green. */
function judge(check: Check, code: number, output: string, late: boolean): Verdict {
  const { name } = check
  if (!check.counts) return code === 0 ? { name, passed: 1, failed: 0 } : { name, passed: 0, failed: 1 }
  const number = (word: string) => Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0)
  const [total, passed] = [number('Total'), number('Passed')]
  const failed = total - passed
  return late || code !== 0 || total === 0 ? { name, passed, failed: Math.max(1, failed) } : { name, passed, failed }
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-120)
    .map((line) => `    ${line}`)
    .join('\n')
}

async function runAll(list: readonly Check[], atOnce: number): Promise<readonly Verdict[]> {
  const queue = [...list]
  const verdicts: Verdict[] = []
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) verdicts.push(await run(check))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return verdicts
}

const wanted = (list: readonly Check[], kind: string) =>
  values.only !== undefined && values.only !== kind
    ? []
    : list.filter((check) => positionals.length === 0 || positionals.some((word) => check.name.includes(word)))

if (values.only !== 'checks') installNeeds()
const bigOnes = [...wanted(vagrant, 'vagrant'), ...wanted(lab, 'lab')]
const verdicts = [
  ...(await runAll([...wanted(checks, 'checks'), ...wanted(unit, 'unit')], Math.min(2, cpus().length))),
  // Each of these files has hosts of its own; what they install keeps one processor busy, so two go side by side.
  ...(
    await Promise.all([
      runAll(
        bigOnes.filter((check) => !mostlyWaits(check)),
        2,
      ),
      runAll(bigOnes.filter(mostlyWaits), 1),
    ])
  ).flat(),
  ...(await runAll(wanted(long, 'long'), 2)),
]
const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0)
const failed = verdicts.reduce((sum, verdict) => sum + verdict.failed, 0)
const bad = verdicts.filter((verdict) => verdict.failed > 0).map(({ name }) => name)
if (bad.length > 0) console.log(`\nfailed: ${bad.join(', ')}`)
console.log(`\n${passed} passed, ${verdicts.length === 0 ? 1 : failed} failed`)
process.exitCode = failed > 0 || verdicts.length === 0 ? 1 : 0
