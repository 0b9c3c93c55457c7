import type { Answer, HostReader } from '../../host/host.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { change, unchanged, type Plan } from '../../play/module.ts'
import type { Script } from '../../quote.ts'
import { firstMatch } from './guard.ts'
import type { CommonParams } from './params.ts'
import { finished, notRun, unknownResult, type CommandResult } from './result.ts'
import { endMark, inputOf, wrapped } from './script.ts'

/** Plans a command, given as users see it and as the host runs it. */
export async function planCommand(
  cmd: CommandResult['cmd'],
  script: Script,
  params: CommonParams,
  host: HostReader,
): Promise<Plan<CommandResult>> {
  const reason = await notNeeded(params, host)
  if (reason !== undefined) return unchanged(notRun(cmd, reason))
  const whole = wrapped(script, params)
  const input = inputOf(params)
  const strip = params.strip_empty_ends
  if (!params.changes) {
    const started = Date.now()
    const answer = await host.ask(whole, { input })
    return unchanged(finished(cmd, withoutMark(answer) ?? answer, started, strip))
  }
  return change({
    diff: [],
    result: unknownResult(cmd),
    apply: async (target) => {
      const started = Date.now()
      const name = typeof cmd === 'string' ? cmd : cmd.join(' ')
      const answer = await target.run(whole, { input, effect: { kind: 'command', name } })
      const ran = withoutMark(answer)
      // No mark and no complaint: nothing ran, and what was predicted of the output stands.
      if (ran === undefined && answer.status === 0) return {}
      return finished(cmd, ran ?? answer, started, strip)
    },
  })
}

async function notNeeded({ creates, removes, chdir }: CommonParams, host: HostReader): Promise<string | undefined> {
  const [folder, created, removed] = await Promise.all([
    chdir === undefined ? undefined : host.files.stat(chdir, { follow: true }),
    creates === undefined ? undefined : firstMatch(creates, chdir, host),
    removes === undefined ? undefined : firstMatch(removes, chdir, host),
  ])
  if (created !== undefined) return `skipped, since ${creates ?? ''} exists`
  if (removes !== undefined && removed === undefined) return `skipped, since ${removes} does not exist`
  if (chdir !== undefined && folder?.type !== 'directory')
    throw new Unreadable(`there is no folder ${chdir} to run the command in`, 'file', {
      next: 'make it in an earlier task, or mend chdir',
    })
  return undefined
}

/** The answer of a command that came to its end; undefined when the mark of the end is missing. */
function withoutMark(answer: Answer): Answer | undefined {
  return answer.stdout.endsWith(endMark) ? { ...answer, stdout: answer.stdout.slice(0, -endMark.length) } : undefined
}
