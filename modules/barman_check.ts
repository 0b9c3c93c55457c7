import { setTimeout as sleep } from 'node:timers/promises'
import { defineModule, HostwrightError, sh, unchanged, Unreadable, type HostReader } from '../lib/index.ts'
import { adviceFor, mayPass, parseCheck, showFailed, type CheckReport } from '../lib/kit/barman/check-lines.ts'
import { askBarman, complaintOf } from '../lib/kit/barman/command.ts'
import { serverParams, timeoutParam, type Server } from '../lib/kit/barman/params.ts'

/** The result of `barman_check`. */
export interface BarmanCheckResult extends Omit<CheckReport, 'failed'> {
  /** Whether every line is OK; when one is not, the task fails. */
  readonly ok: boolean
}

/**
 * Asks barman whether everything about a server is in order: `barman check`. Each line has to be OK. What may come right by itself is waited for: a server that
 * restarts, receive-wal that barman's cron starts again each minute; a line that waiting does not mend fails at once.
 *
 * Result: `checks` by barman's names (`checks['receive-wal running'].status`), and `report`, the lines as barman prints them. Where directories of the server are
 * missing, `barman check` itself makes them.
 *
 * Follows barman-check(1), https://docs.pgbarman.org
 *
 * @throws naming each line that is not OK with barman's hint, or when barman does not know the server or is not installed.
 * @example
 * barman_check({ name: 'pg1' })
 */
export const barman_check = defineModule({
  name: 'barman_check',
  summary: 'Asks barman whether a server is in order.',
  reads: true,
  waits: true,
  params: {
    ...serverParams,
    ...timeoutParam(90, 'How long to wait for what may come right by itself.'),
  },
  examples: [
    { name: 'Is everything in order?', params: { name: 'pg1' } },
    { name: 'Right now?', params: { name: 'pg1', timeout: 1 } },
  ],
  plan: async ({ timeout, ...server }, host) => {
    for (const end = Date.now() + timeout * 1000; ;) {
      const found = await check(host, server)
      if (found.failed.length === 0)
        return unchanged<BarmanCheckResult>({ ok: true, checks: found.checks, report: found.report })
      if (!mayPass(found.failed) || Date.now() + pause > end) throw notInOrder(host, server, found)
      await sleep(pause)
    }
  },
})

const pause = 2000

async function check(host: HostReader, server: Server): Promise<CheckReport> {
  const answer = await askBarman(host, server, sh`barman check ${server.name} </dev/null`)
  const found = parseCheck(answer.stdout)
  if (Object.keys(found.checks).length > 0 && (answer.status === 0 || found.failed.length > 0)) return found
  const details = { host: host.name, data: { stdout: answer.stdout, stderr: answer.stderr } }
  const unknown = /Unknown server/.test(answer.stderr)
  if (unknown)
    throw new Unreadable(`barman does not know a server ${server.name}`, 'command', {
      ...details,
      next: `describe it: barman_server({ name: '${server.name}', … })`,
    })
  throw new HostwrightError(`barman check ${server.name} failed: ${complaintOf(answer)}`, {
    ...details,
    next: `run it on the host: sudo -u ${server.barman_user} barman check ${server.name}`,
  })
}

function notInOrder(host: HostReader, { name }: Server, found: CheckReport): Unreadable {
  return new Unreadable(`barman check ${name}: not OK: ${showFailed(found)}`, 'command', {
    host: host.name,
    next: adviceFor(found.failed),
    data: { report: found.report, failed: found.failed },
  })
}
