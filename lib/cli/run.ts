import { relative } from 'node:path'
import { keepLogins } from '../connection/index.ts'
import * as realEngine from '../engine/index.ts'
import type { RunSettings } from '../engine/prepare/settings.ts'
import { HostwrightError } from '../error.ts'
import type { Report } from '../report/event.ts'
import type { Console } from './console.ts'
import { codeOfOutcome, exitCode, Interrupted } from './exit.ts'
import { keepHeapSmall } from './heap.ts'
import type { Given } from './options/options.ts'
import type { PlaybookOption } from './options/playbook-options.ts'
import { reportFor } from './options/reports.ts'
import { type LoadedPlaybook, runSettings } from './options/settings.ts'
import { tellError } from './tell-error.ts'

export type Engine = Pick<typeof realEngine, 'runPlaybook' | 'preflight' | 'listHosts' | 'listTasks'>

/** Does with these playbooks what the options say. @returns the exit code. */
export async function runPlaybooks(
  load: readonly (() => Promise<LoadedPlaybook>)[],
  given: Given<PlaybookOption>,
  console: Console,
  engine: Engine = realEngine,
): Promise<number> {
  const stop = new AbortController()
  const unwatch = console.watch({
    interrupt() {
      if (stop.signal.aborted) return console.exitNow(exitCode.interrupted)
      // Told through the report, which knows what of the terminal it is drawing over.
      report?.({ type: 'warning', message: 'interrupted: what is under way is cut off; once more ends at once' })
      stop.abort(new Interrupted())
    },
    crash: (thrown) => console.exitNow(tellError(defect(thrown), given.count('verbose'), console)),
  })
  let report: Report | undefined
  try {
    report = await reportFor(given, console)
    let code: number = exitCode.ok
    for (const one of load) {
      const loaded = await one()
      const settings = await runSettings(loaded, given, console, report, stop.signal)
      await keepHeapSmall(settings.inventory.hosts.length)
      code = await runOne(loaded, settings, given, console, engine)
      // As in Ansible: what comes after a playbook that failed does not begin.
      if (code !== exitCode.ok) break
    }
    return code
  } catch (thrown) {
    if (stop.signal.aborted || thrown instanceof Interrupted) return exitCode.interrupted
    return tellError(thrown, given.count('verbose'), console)
  } finally {
    unwatch()
    await keepLogins()
  }
}

async function runOne(
  { file }: LoadedPlaybook,
  settings: RunSettings,
  given: Given<PlaybookOption>,
  console: Console,
  engine: Engine,
): Promise<number> {
  const [hosts, tasks, tags] = [given.flag('list-hosts'), given.flag('list-tasks'), given.flag('list-tags')]
  if (hosts || tasks || tags) {
    const listed = { hosts: hosts ? engine.listHosts(settings) : undefined, tasks: engine.listTasks(settings) }
    const { listingText } = await import('./commands/lists.ts')
    console.out(listingText({ file, ...listed, show: { tasks, tags } }, console.cwd))
    return exitCode.ok
  }
  if (given.flag('syntax-check')) {
    await engine.preflight(settings)
    console.out(`\nplaybook: ${relative(console.cwd, file)}\n`)
    return exitCode.ok
  }
  return codeOfOutcome(await engine.runPlaybook(settings))
}

/** Whatever nobody was waiting for is a mistake of ours, also where it looks like a failure of a host. */
function defect(thrown: unknown): HostwrightError {
  return new HostwrightError(thrown instanceof Error ? thrown.message : String(thrown), {
    kind: 'defect',
    cause: thrown,
  })
}
