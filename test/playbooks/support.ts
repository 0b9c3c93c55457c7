import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openLab, type OpenLab } from '../../lab/index.ts'
import type { SystemName } from '../../lab/systems.ts'
import type { Event, ResultEvent } from '../../lib/events/event.ts'
import { printedBy } from '../support/printed.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A lab of this test's own, of the release that HOSTWRIGHT_LAB_RELEASE names. Both releases may be tested side by side. */
export function testLab(id: string, system: SystemName = 'replication'): OpenLab {
  const release = process.env['HOSTWRIGHT_LAB_RELEASE']
  return openLab({
    id: release === undefined ? id : `${id}-${release}`,
    system,
    say: () => undefined,
  })
}

export interface Played {
  readonly status: number
  readonly events: readonly Event[]
  readonly results: readonly ResultEvent[]
  readonly stdout: string
  readonly stderr: string
  /** `host: task` of everything that changed, or in check mode would. */
  readonly changed: readonly string[]
  readonly seconds: number
}

/** Starts a playbook as `npx hostwright run` does, and reads its events. */
export function startPlaybook(lab: OpenLab, name: string, args: readonly string[] = []) {
  const start = performance.now()
  const run = ['bin/hostwright.js', 'run', `playbooks/${name}.ts`]
  const argv = [...run, '-i', lab.inventoryFile, '--output', 'json', ...args]
  const child = spawn(process.execPath, argv, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = printedBy(child)
  const ended = new Promise<Played>((resolve) => {
    child.on('close', (code) => {
      const { stdout, stderr } = printed()
      const events = parseLines(stdout)
      const results = events.filter(
        (event): event is ResultEvent => event.type === 'result' && event.item === undefined,
      )
      const changed = results
        .filter((event) => event.status === 'changed')
        .map((event) => `${event.host}: ${event.task}`)
      resolve({
        status: code ?? 137,
        events,
        results,
        stdout,
        stderr,
        changed,
        seconds: (performance.now() - start) / 1000,
      })
    })
  })
  return { ended, kill: () => process.kill(-(child.pid ?? 0), 'SIGKILL') }
}

export function runPlaybook(lab: OpenLab, name: string, args: readonly string[] = []): Promise<Played> {
  return startPlaybook(lab, name, args).ended
}

/** A killed run leaves half a line at the end. */
function parseLines(text: string): readonly Event[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Event]
    } catch {
      return []
    }
  })
}

/** Why a run did not end as it should: what a person would look at first. */
export function explain(played: Played): string {
  const bad = played.results.filter((event) => event.status === 'failed' || event.status === 'unreachable')
  return [
    `status ${played.status}`,
    ...bad.map(
      (event) => `${event.host}: ${event.task}: ${event.error?.message ?? ''}\n${JSON.stringify(event.error)}`,
    ),
    played.changed.join('\n'),
    played.stderr.slice(-2000),
  ].join('\n')
}

/** Runs a script as root on a host, past ssh and hostwright. */
export function asRoot(lab: OpenLab, host: string, script: string): Promise<string> {
  return lab.console(host, script)
}

/** One statement as the superuser; gives psql's unadorned output. */
export async function sql(lab: OpenLab, host: string, statement: string, database = 'postgres'): Promise<string> {
  return (
    await lab.console(host, `runuser -u postgres -- psql -XAtq -d ${database} -f - 2>&1`, `${statement};\n`)
  ).trim()
}

const volatile = [
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/tmp',
  '/var/tmp',
  '/var/log',
  '/var/lib/systemd',
  '/var/lib/private',
  '/srv/apt',
  // A login leaves its mark there.
  '/home',
]

/** Every file with its size, owner, mode and time of change, and every package: equal before and after means that nothing was touched. */
export function snapshot(lab: OpenLab, host: string): Promise<string> {
  const prune = volatile.map((path) => `-path ${path}`).join(' -o ')
  return asRoot(
    lab,
    host,
    `find / \\( ${prune} \\) -prune -o -printf '%p %y %s %m %u %g %C@ %l\\n' | sort; dpkg-query -W`,
  )
}

/** A machine that tests run on may be so many times slower than the one on which their limits were chosen. */
const patience = 4

/** Waits until something holds; `seconds` is what is enough on a quick machine. */
export async function waitFor(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * patience * 1000
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error(`waited ${seconds * patience} s for ${what} in vain`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
