import * as assert from 'uvu/assert'
import type { OpenLab } from '../../lab/index.ts'
import { asRoot, sql, waitFor } from '../playbooks/support.ts'
import { allWell, leaderOf } from './patroni-drifts.ts'
import { nothingChanges } from './steps.ts'
import { acknowledged, endWriter, passwordIn, startClient } from './writer.ts'

const members = ['pg01', 'pg02', 'pg03'] as const

/** Commits wait for a standby, which then is the one that is promoted. */
export const synchronousMode = ['-e', '{"patroni_dcs":{"synchronous_mode":true}}'] as const

/** The client's program, on the host of HAProxy. */
export const installClient = (lab: OpenLab, pg: string): Promise<string> =>
  asRoot(lab, 'ns', `apt-get install -qq -y postgresql-client-${pg} >/dev/null`)

export const standsAgain = (lab: OpenLab): Promise<void> => waitFor('the cluster to stand', 240, () => allWell(lab))

/** When each server was started, and on which timeline it is: what a run that disturbs nobody leaves alone. */
const lives = async (lab: OpenLab): Promise<readonly string[]> =>
  Promise.all(
    members.map((host) =>
      sql(
        lab,
        host,
        'select pg_postmaster_start_time(), timeline_id, pg_is_in_recovery() from pg_control_checkpoint()',
      ),
    ),
  )

const faults = {
  'power cut': {
    strike: (lab: OpenLab, host: string) => lab.kill(host),
    mend: (lab: OpenLab, host: string) => lab.start(host),
  },
  'cable cut': {
    strike: (lab: OpenLab, host: string) => lab.cut(host),
    mend: (lab: OpenLab, host: string) => lab.heal(host),
  },
} as const

/**
 * The leader is lost while a client writes through HAProxy: another takes over, writes go on within 40 s (the ttl is 30), no acknowledged row is missing, the lost one
 * follows by itself, and a run afterwards disturbs nobody.
 */
export async function failOver(lab: OpenLab, fault: keyof typeof faults): Promise<void> {
  await standsAgain(lab)
  const former = await leaderOf(lab)
  await sql(lab, former, 'drop table if exists written; create table written (n bigint)')
  await startClient(lab, 'ns', {
    conninfo: 'host=127.0.0.1 port=5000 user=postgres dbname=postgres',
    password: passwordIn(lab, 'superuser_password'),
  })
  await waitFor('rows', 60, async () => (await acknowledged(lab, 'ns')) > 5)
  await faults[fault].strike(lab, former)
  const then = await acknowledged(lab, 'ns')
  await waitFor('rows under another leader', 90, async () => (await acknowledged(lab, 'ns')) > then + 5)
  await waitFor('another leader', 60, async () => ![former, ''].includes(await leaderOf(lab)))
  const leader = await leaderOf(lab)
  await faults[fault].mend(lab, former)
  await standsAgain(lab)
  const { rows, gap } = await endWriter(lab, 'ns', [leader])
  console.log(
    `${fault} of ${former}: ${leader} took over; ${rows} rows were acknowledged, none for ${gap.toFixed(1)} s, none is missing`,
  )
  assert.ok(gap <= 40, `no row was acknowledged for ${gap.toFixed(1)} s`)
  const before = await lives(lab)
  await nothingChanges(lab, 'patroni', synchronousMode)
  assert.equal(await lives(lab), before, 'no server was restarted, and none promoted')
  assert.is(await leaderOf(lab), leader)
}
