/** How fast hostwright is, beside Ansible and beside hand-written scripts. `npm run bench -- --help` */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { allCases } from './cases/index.ts'
import type { Case, Stage } from './cases/case.ts'
import { openHosts } from './hosts/hosts.ts'
import { measure } from './measure/measure.ts'
import { race } from './measure/race.ts'
import { builtCopy, commitOf, describeMachine, installRivals, packagedCopy } from './needs.ts'
import { readOptions, usage, type Options } from './options.ts'
import { publish } from './report/publish.ts'
import { readResults, withCase } from './report/results.ts'

const clone = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line: string) => console.error(line)

async function main(options: Options): Promise<number> {
  const { form, forks } = options
  const cases = allCases.filter(({ name }) => options.cases.length === 0 || options.cases.includes(name))
  const minutes = cases.reduce((sum, one) => sum + one.minutes[form], 0)
  say(`${cases.map(({ name }) => name).join(', ')}: about ${minutes} minutes on a quiet machine`)
  installRivals(say)
  const folder = mkdtempSync(join(tmpdir(), 'hwb-'))
  const library = join(folder, 'hostwright')
  const commit = commitOf(options.library)
  const hosts = openHosts(folder, (line) => say(`  ${line}`))
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`ended by ${name}`)))
  const { inside } = hosts
  const cost: Stage['measure'] = (command, memory) => measure(command, { inside, folder, memory, signal: stop.signal })
  const stage: Stage = {
    ...{ form, forks, library, packaged: join(folder, 'node_modules', 'hostwright'), folder, hosts, say },
    wants: (tool) => options.tools?.includes(tool) ?? true,
    runs: (usual) => options.runs ?? usual,
    measure: cost,
    race: (one) => race(one, cost, say),
  }
  try {
    builtCopy(options.library, library)
    packagedCopy(library, folder)
    await hosts.down()
    const failed = []
    for (const [i, one] of cases.entries()) {
      if (stop.signal.aborted) break
      say(`\n${i + 1} of ${cases.length}: ${one.title} (about ${one.minutes[form]} minutes)`)
      if (!(await measured(one, stage, { ...options, commit }))) failed.push(one.name)
    }
    if (failed.length > 0) say(`\nNot measured: ${failed.join(', ')}; why stands above.`)
    return failed.length > 0 ? 1 : 0
  } finally {
    await hosts.down()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Measures a case and publishes its result at once, so that one that fails, or a run that is ended, loses no other. */
async function measured(
  one: Case,
  stage: Stage,
  { results: wanted, commit }: Options & { readonly commit: string },
): Promise<boolean> {
  const started = Date.now()
  try {
    const entries = await one.run(stage)
    const { form, forks } = stage
    const result = { title: one.title, date: new Date().toISOString(), commit, forks, entries }
    const before = wanted === undefined ? { form, machine: {}, cases: {} } : readResults(wanted, form)
    const results = { ...withCase(before, one.name, result), machine: describeMachine() }
    console.log(publish(results, one.name, wanted, clone))
    say(`  ${((Date.now() - started) / 60_000).toFixed(1)} minutes`)
    return entries.every(({ wall }) => wall.length > 0)
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return false
  }
}

try {
  const options = readOptions(
    process.argv.slice(2),
    clone,
    allCases.map(({ name }) => name),
  )
  if (options === 'help') console.log(usage(allCases))
  else process.exitCode = await main(options)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
