import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPlaybook, type RunSummary, type RunSettings } from '../../../lib/engine/index.ts'
import { loadInventory } from '../../../lib/inventory/index.ts'
import { change, defineModule, unchanged } from '../../../lib/play/module.ts'
import type { AnyPlay } from '../../../lib/play/play.ts'
import { playbook } from '../../../lib/play/play.ts'
import type { Event, ResultEvent } from '../../../lib/events/event.ts'
import { HostwrightError } from '../../../lib/error.ts'
import { Unreadable } from '../../../lib/host/unreadable.ts'
import { sh } from '../../../lib/quote.ts'
import { Type, withDefault } from '../../../lib/schema/index.ts'

/** Sees to it that a file holds a text: the smallest module that plans, changes and converges. */
export const content = defineModule({
  name: 'content',
  summary: 'A file with this content.',
  params: { path: Type.String(), text: withDefault(Type.String(), 'x') },
  examples: [],
  plan: async ({ path, text }, host) => {
    const now = (await host.files.read(path))?.toString() ?? ''
    if (now === text) return unchanged({ path })
    return change({
      diff: [{ of: path, before: now, after: text }],
      result: { path },
      apply: async (host) => {
        await host.files.write(path, Buffer.from(text))
      },
    })
  },
})

/** Fails when it is planned. */
export const broken = defineModule({
  name: 'broken',
  summary: 'Fails.',
  params: { message: withDefault(Type.String(), 'it broke') },
  examples: [],
  plan: async ({ message }) => {
    throw new HostwrightError(message, { data: { rc: 3 }, next: 'do better' })
  },
})

/** Needs a file that somebody else makes before it can look. */
export const needs = defineModule({
  name: 'needs',
  summary: 'Looks at something that may not be there.',
  params: { path: Type.String() },
  examples: [],
  plan: async ({ path }, host) => {
    if ((await host.ask(sh`test -e ${path}`)).status !== 0) throw new Unreadable(`${path} is not there`, 'command')
    return unchanged({ found: path, list: [path] })
  },
})

export interface Ran {
  readonly outcome: RunSummary
  readonly events: readonly Event[]
  readonly results: readonly ResultEvent[]
  /** `host task status`, one a line: what a user reads. */
  readonly lines: readonly string[]
}

/** Runs plays on hosts that are all this machine, each known by another name. */
export async function runHere(
  plays: readonly AnyPlay[],
  more: Partial<RunSettings> & { hosts?: readonly string[]; ini?: string } = {},
): Promise<Ran> {
  const dir = scratch()
  const { hosts = ['one', 'two'], ini, ...settings } = more
  const file = join(dir, 'hosts.ini')
  writeFileSync(file, ini ?? `[here]\n${hosts.map((host) => `${host} ansible_connection=local\n`).join('')}`)
  const events: Event[] = []
  const inventory = await loadInventory({ sources: [file] })
  const outcome = await runPlaybook({
    playbook: playbook('test', plays),
    inventory,
    playbookDir: dir,
    extraVars: {},
    check: false,
    diff: true,
    selection: { tags: [], skipTags: [] },
    forks: 50,
    forceHandlers: false,
    connection: {},
    become: {},
    report: (event) => events.push(event),
    ...settings,
  })
  const results = events.filter((event): event is ResultEvent => event.type === 'result')
  const lines = results
    .filter((event) => event.item === undefined)
    .map((event) => [event.host, event.task, event.forgiven ?? event.status].join(' '))
  return { outcome, events, results, lines }
}

const folder = mkdtempSync(join(tmpdir(), 'hostwright-engine-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A folder that is empty, for a test's own files. */
export const scratch = () => mkdtempSync(join(folder, 'scratch-'))
