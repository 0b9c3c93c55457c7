import { dirname, relative, resolve } from 'node:path'
import { keepLogins } from '../connection/index.ts'
import * as realEngine from '../engine/index.ts'
import type { RunSettings } from '../engine/prepare/settings.ts'
import { HostwrightError } from '../error.ts'
import type { Report } from '../events/event.ts'
import type { LoadedPlaybook } from '../run/options.ts'
import { type Engine, runWith } from '../run/run.ts'
import { runSettings } from '../run/settings.ts'
import type { Console } from './console.ts'
import { codeOfOutcome, exitCode, Interrupted } from './exit.ts'
import { keepHeapSmall } from './heap.ts'
import type { Given } from './options/options.ts'
import type { PlaybookOption } from './options/playbook-options.ts'
import { reportFor } from './options/reports.ts'
import { meetsHosts, runOptions } from './options/run-options.ts'
import { projectAt } from './project/project.ts'
import { tellError } from './tell-error.ts'

/** A playbook that a command line names, which is loaded when its turn comes. */
export interface NamedPlaybook {
  readonly file: string
  readonly load: () => Promise<LoadedPlaybook>
}

/** Does with these playbooks what the options say. @returns the exit code. */
export async function runPlaybooks(
  playbooks: readonly NamedPlaybook[],
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
  const projectOf = (file: string) => projectAt(dirname(resolve(console.cwd, file)), console)
  let report: Report | undefined
  try {
    report = await reportFor(given, console, projectOf(playbooks[0]?.file ?? ''))
    let code: number = exitCode.ok
    for (const { file, load } of playbooks) {
      const playbook = await load()
      const around = { console, project: projectOf(file), report, signal: stop.signal }
      const options = await runOptions(playbook, given, around)
      const settings = await runSettings(playbook, options, meetsHosts(given))
      await keepHeapSmall(settings.inventory.hosts.length)
      code = await runOne(playbook, settings, given, console, engine)
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
  // The command line's own reports mask, and it needs no results: with hundreds of hosts they would fill the heap.
  return codeOfOutcome(await runWith(settings, { keeps: 'nothing', masks: false }, engine))
}

/** An unhandled rejection is our bug, also where it looks like a failure of a host. */
function defect(thrown: unknown): HostwrightError {
  return new HostwrightError(thrown instanceof Error ? thrown.message : String(thrown), {
    kind: 'defect',
    cause: thrown,
  })
}
