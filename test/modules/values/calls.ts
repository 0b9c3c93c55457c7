import { join } from 'node:path'
import { callsOf, readyCall } from '../../../lib/engine/prepare/call.ts'
import { HostwrightError, InputErrors } from '../../../lib/error.ts'
import { isNotKnownYet, knownInRun } from '../../../lib/engine/unknown/not-known-yet.ts'
import { planPlays } from '../../../lib/engine/prepare/plays.ts'
import { contextOf, scopeOf } from '../../../lib/engine/prepare/scope.ts'
import { tasksIn } from '../../../lib/engine/prepare/select.ts'
import type { RunSettings } from '../../../lib/engine/prepare/settings.ts'
import type { Facts } from '../../../lib/host/facts.ts'
import { loadInventory } from '../../../lib/inventory/index.ts'
import { packageRoot } from '../../../lib/package-root.ts'
import type { PlaybookData } from '../../../lib/play/data.ts'
import { reveal } from '../../../lib/secret.ts'
import { variablesOver, renderTemplate } from '../../../lib/kit/text/render.ts'

/** One module call of a playbook, as its task makes it for a host; of a template also the text that it makes. */
export interface PlaybookCall {
  readonly task: string
  readonly module: string
  readonly params: unknown
  readonly template: { readonly name: string; readonly text: string } | undefined
}

export interface Called {
  /** By host, task and number. */
  readonly calls: ReadonlyMap<string, PlaybookCall>
  /** What was refused before a host is touched. */
  readonly refused: readonly string[]
}

/** What hosts answered, as far as it is known without them. */
function answers(host: string): Readonly<Record<string, unknown>> {
  const known: Readonly<Record<string, unknown>> = {
    leader: { name: host, address: '192.0.2.1', alive: true, servers: [] },
    key: { public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd' },
    hostKey: {
      content: Buffer.from(
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd x',
      ).toString('base64'),
    },
    cluster: { leader: host },
    stream: { rows: [] },
  }
  const unknown = knownInRun<Record<string, unknown>>('results')
  return new Proxy(known, {
    get: (all, name) => (typeof name === 'string' && name in all ? all[name] : unknown[String(name)]),
  })
}

const folder = join(packageRoot, 'playbooks')

/** Every call of a playbook that does not wait for what hosts answer, with these extra variables. */
export async function callsIn(
  playbook: PlaybookData,
  system: string,
): Promise<(extraVars: Readonly<Record<string, unknown>>) => Called> {
  const sources = [join(packageRoot, 'inventory/systems', `${system}.yml`)]
  const inventory = await loadInventory({ sources, playbookDir: folder })
  return (extraVars) => {
    const selection = { tags: [], skipTags: [] }
    const settings = { playbook, inventory, playbookDir: folder, extraVars, selection } as unknown as RunSettings
    const calls = new Map<string, PlaybookCall>()
    const refused: string[] = []
    const tried = (work: () => void) => {
      try {
        work()
      } catch (error) {
        if (isNotKnownYet(error)) return
        if (!(error instanceof HostwrightError) && !(error instanceof InputErrors)) throw error
        refused.push(error.message)
      }
    }
    for (const plan of planPlays(settings, () => undefined))
      for (const host of plan.hosts) {
        const facts = knownInRun<Facts>('facts')
        const scope = scopeOf(plan.source, host, answers(host), facts)
        tried(() => void plan.source.variables.checked(host))
        for (const { task } of [...tasksIn(plan.entries), ...plan.play.handlers.map((handler) => ({ task: handler }))])
          tried(() => {
            const context = contextOf(plan.source, host, facts, task)
            for (const [i, call] of (callsOf(task, scope)?.calls ?? []).entries()) {
              const { params } = readyCall(call, context)
              const key = [plan.play.name, host, task.name, i].join('\0')
              calls.set(key, { task: task.name, module: call.module.name, params, template: rendered(params) })
            }
            function rendered(params: unknown): PlaybookCall['template'] {
              const { src, vars } = params as { readonly src?: string; readonly vars?: object }
              if (src?.endsWith('.ejs') !== true) return undefined
              const path = context.controller.find('templates', src)
              const text = renderTemplate(
                path,
                context.controller.read(path).toString(),
                variablesOver(context.vars, vars ?? {}),
              )
              return { name: src, text: reveal(text) }
            }
          })
      }
    return { calls, refused }
  }
}
