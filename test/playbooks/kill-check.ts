import * as assert from 'uvu/assert'
import type { OpenLab } from '../../lab/index.ts'
import { asRoot, explain, runPlaybook, startPlaybook, waitFor, type Played } from './support.ts'

/** The files that site.ts writes, by host. */
const written = (pg: string): readonly (readonly [string, string])[] => [
  ...['pg1', 'pg2', 'backup1'].map((host) => [host, '/etc/postgresql-common/createcluster.conf'] as const),
  ...['pg1', 'pg2'].flatMap((host) => [
    [host, `/etc/postgresql/${pg}/main/pg_hba.conf`] as const,
    [host, `/etc/postgresql/${pg}/main/conf.d/hostwright.conf`] as const,
  ]),
  ['backup1', '/etc/barman.d/pg1.conf'],
  ['backup1', '/etc/cron.d/barman'],
  ['backup1', '/var/lib/barman/.pgpass'],
]

type Contents = ReadonlyMap<string, string>

/** What stands in those files now; those that are not there are left out. */
async function contents(lab: OpenLab, pg: string): Promise<Contents> {
  const found = await Promise.all(
    written(pg).map(async ([host, path]) => {
      const text = await asRoot(lab, host, `if [ -e ${path} ]; then echo there; cat ${path}; fi`)
      return [`${host}:${path}`, text] as const
    }),
  )
  return new Map(found.filter(([, text]) => text !== '').map(([key, text]) => [key, text.slice('there\n'.length)]))
}

/** A bring-up that was killed has left whole files, and the next run ends in the verified state. @returns the task it was killed in. */
export async function runAgain(lab: OpenLab, pg: string, killed: Played): Promise<string> {
  const last = killed.events.findLast((event) => event.type === 'task_start')?.task ?? 'nothing yet'
  const left = await contents(lab, pg)
  const again = await runPlaybook(lab, 'site')
  assert.is(again.status, 0, `killed in "${last}": ${explain(again)}`)
  const whole = await contents(lab, pg)
  for (const [file, text] of left) {
    const good = whole.get(file) ?? ''
    assert.not(text.length < good.length && good.startsWith(text), `${file} was half written`)
  }
  const verify = await runPlaybook(lab, 'verify')
  assert.is(verify.status, 0, `killed in "${last}": ${explain(verify)}`)
  const third = await runPlaybook(lab, 'site')
  assert.equal(third.changed, [], explain(third))
  return last
}

/** A run on bare hosts, killed when something is seen of it. */
export async function killedWhen(lab: OpenLab, what: string, seen: () => Promise<boolean>): Promise<Played> {
  await lab.reset()
  const started = startPlaybook(lab, 'site')
  await waitFor(what, 300, seen)
  started.kill()
  const played = await started.ended
  assert.is(played.status, 137, explain(played))
  return played
}

/** A run on bare hosts, killed after so many seconds. On a machine that has become faster it may have ended before: then it is killed a little earlier. */
export async function killedAfter(lab: OpenLab, seconds: number): Promise<Played> {
  await lab.reset()
  const started = startPlaybook(lab, 'site')
  const timer = setTimeout(started.kill, seconds * 1000)
  const played = await started.ended
  clearTimeout(timer)
  if (played.status === 137) return played
  assert.is(played.status, 0, explain(played))
  return killedAfter(lab, Math.min(seconds, played.seconds) - 1)
}
