/** The Patroni cluster on real hosts: bring-up, drifts, a leader that dies, causes that are named. A user of it must never be left guessing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDrift } from '../playbooks/drift-check.ts'
import { failOver, installClient, standsAgain, synchronousMode } from './failover.ts'
import { leaderOf, members, patroniDrifts } from './patroni-drifts.ts'
import { nothingChanges, pictureOf, runAsPredicted } from './steps.ts'
import { asRoot, explain, runPlaybook, snapshot, sql, startPlaybook, testLab, waitFor } from '../playbooks/support.ts'

const lab = testLab('test-patroni', 'patroni')
const hosts = ['ns', 'pg01', 'pg02', 'pg03']
const test = suite('patroni')
const pg = () => (lab.release === '12' ? '15' : '17')
let predicted: readonly string[] = []

test.before(async () => {
  await lab.down()
  await lab.up(hosts)
})
test.after(() => lab.down())

test('check on bare hosts ends well, and touches nothing', async () => {
  const before = await Promise.all(hosts.map((host) => snapshot(lab, host)))
  const check = await runPlaybook(lab, 'patroni', ['--check', '--diff'])
  assert.is(check.status, 0, explain(check))
  assert.equal(await Promise.all(hosts.map((host) => snapshot(lab, host))), before)
  predicted = check.changed
})

test('a member that dies in the middle of the bring-up is named; the next run brings it up', async () => {
  const started = startPlaybook(lab, 'patroni')
  await waitFor('PostgreSQL to be unpacked on pg03', 300, async () =>
    /postgresql/.test(await asRoot(lab, 'pg03', 'ls /usr/lib 2>/dev/null')),
  )
  await lab.kill('pg03')
  const run = await started.ended
  assert.is(run.status, 4, explain(run))
  assert.equal(
    run.results.filter(({ status }) => status === 'unreachable' || status === 'failed').map(({ host }) => host),
    ['pg03'],
    explain(run),
  )
  await lab.start('pg03')
  const again = await runPlaybook(lab, 'patroni')
  assert.is(again.status, 0, explain(again))
  await standsAgain(lab)
  const seen = new Set([...run.changed, ...again.changed])
  assert.equal(
    predicted.filter((one) => !seen.has(one) && !one.startsWith('pg03:')),
    [],
    'everything that check named was changed',
  )
})

test('a second run changes nothing, and draws the cluster', async () => {
  const [leader, picture] = [await leaderOf(lab), await pictureOf(lab, 'patroni')]
  const ids = new Map([...picture.matchAll(/^ {2}(s\d)\["(\w+)<br>/gm)].map(([, id, name]) => [name, id]))
  assert.equal([...ids.keys()], hosts)
  const s = ids.get(leader) ?? ''
  assert.match(picture, new RegExp(`^  s1 -->\\|"writes, port 5000"\\| ${s}$`, 'm'))
  assert.is(
    [...picture.matchAll(new RegExp(`^  ${s} -->\\|"everything<br>(streaming|running), \\d+ bytes behind"`, 'gm'))]
      .length,
    2,
  )
})

test('the documents’ own checks: names, time, switchover, settings, clients through HAProxy', async () => {
  const verify = await runPlaybook(lab, 'verify-patroni')
  assert.is(verify.status, 0, explain(verify))
  await nothingChanges(lab, 'patroni')
})

// Side by side, since each takes three runs of a cluster; test/long goes through them one by one.
test('drifts: check names exactly what the run mends, which is what was meddled with', async () => {
  await standsAgain(lab)
  const leader = await leaderOf(lab)
  const drift = {
    name: 'all of them',
    make: async () => {
      for (const { make } of patroniDrifts) await make(lab, pg())
    },
  }
  const changed = await checkDrift(lab, pg(), drift, 'patroni')
  assert.equal([...changed].sort(), patroniDrifts.flatMap(({ changes }) => changes(leader)).sort())
})

test('commits wait for a standby when synchronous mode is asked for', async () => {
  await standsAgain(lab)
  await installClient(lab, pg())
  const leader = await leaderOf(lab)
  const run = await runAsPredicted(lab, 'patroni', synchronousMode)
  assert.ok(run.changed.includes(`${leader}: What all members share`), run.changed.join('\n'))
  await waitFor('a synchronous standby', 60, async () =>
    (await members(lab)).some(({ Role }) => Role === 'Sync Standby'),
  )
})

for (const fault of ['power cut', 'cable cut'] as const) test(`failover: ${fault}`, () => failOver(lab, fault))

test('and no longer, when it is not', async () => {
  await standsAgain(lab)
  await runAsPredicted(lab, 'patroni', ['-e', '{"patroni_dcs":{"synchronous_mode":false}}'])
})

test('a wrong replication password is named, with its host, and the next run mends it', async () => {
  await standsAgain(lab)
  const leader = await leaderOf(lab)
  const replica = (await members(lab)).find(({ Role }) => Role !== 'Leader')?.Member ?? ''
  await sql(lab, leader, "alter role replicator password 'somebody else''s'")
  await asRoot(lab, replica, `systemctl stop patroni; rm -rf /var/lib/postgresql/${pg()}/main`)
  // The leader, which would mend it, is left out.
  const run = await runPlaybook(lab, 'patroni', ['--limit', replica])
  assert.is(run.status, 2, explain(run))
  const failed = run.results.filter(({ status }) => status === 'failed')
  assert.equal(
    failed.map(({ host }) => host),
    [replica],
  )
  assert.match(failed[0]?.error?.message ?? '', /password authentication failed for user "replicator"/)
  assert.match(failed[0]?.error?.next ?? '', /replication_password/)
  const mended = await runPlaybook(lab, 'patroni')
  assert.is(mended.status, 0, explain(mended))
  await nothingChanges(lab, 'patroni')
})

test('a full disk is named, with its host, and a run after it was mended brings the member back', async () => {
  await standsAgain(lab)
  const replica = (await members(lab)).find(({ Role }) => Role !== 'Leader')?.Member ?? ''
  const data = `/var/lib/postgresql/${pg()}`
  await asRoot(
    lab,
    replica,
    `systemctl stop patroni; rm -rf ${data}/main
    mount -t tmpfs -o size=8m tmpfs ${data}; chown postgres: ${data}`,
  )
  const run = await runPlaybook(lab, 'patroni').finally(() =>
    asRoot(lab, replica, `systemctl stop patroni; umount -l ${data}`),
  )
  assert.is(run.status, 2, explain(run))
  const failed = run.results.filter(({ status }) => status === 'failed')
  assert.equal(
    failed.map(({ host }) => host),
    [replica],
  )
  assert.match(failed[0]?.error?.message ?? '', /No space left on device/)
  const mended = await runPlaybook(lab, 'patroni')
  assert.is(mended.status, 0, explain(mended))
  await nothingChanges(lab, 'patroni')
})

test('an etcd that cannot run is named', async () => {
  await asRoot(lab, 'ns', 'systemctl stop etcd; mv /var/lib/etcd /var/lib/etcd.away; touch /var/lib/etcd')
  const run = await runPlaybook(lab, 'patroni').finally(() =>
    asRoot(
      lab,
      'ns',
      'rm /var/lib/etcd; mv /var/lib/etcd.away /var/lib/etcd; systemctl reset-failed etcd; systemctl start etcd',
    ),
  )
  const said = run.results
    .filter(({ status }) => status === 'failed')
    .map(({ host, error }) => `${host}: ${error?.message ?? ''}`)
    .join('\n')
  assert.is(run.status, 2, explain(run))
  assert.match(said, /^ns: .*etcd/m)
  assert.match(said, /^pg01: etcd is not healthy: http:\/\/[0-9.]+:2379: .*refused/m)
  await standsAgain(lab)
})

test('day two: the lead is handed over, a setting taken, members restarted, one leaves and comes back', async () => {
  await standsAgain(lab)
  const leader = await leaderOf(lab)
  const next = (await members(lab)).find(({ Role }) => Role !== 'Leader')?.Member ?? ''
  const play = async (name: string, args: readonly string[]) => {
    const check = await runPlaybook(lab, name, [...args, '--check'])
    assert.is(check.status, 0, explain(check))
    const run = await runPlaybook(lab, name, args)
    assert.is(run.status, 0, explain(run))
    assert.equal(check.changed, run.changed, `${name}: check named exactly what the run changed`)
    return run
  }
  await play('patroni-switchover', ['-e', `node=${next}`])
  assert.is(await leaderOf(lab), next)
  assert.equal((await play('patroni-switchover', ['-e', `node=${next}`])).changed, [])
  await play('patroni-config', ['-e', '{"pg_settings":{"work_mem":"6MB"}}'])
  assert.is(await sql(lab, leader, 'show work_mem'), '6MB')
  await play('patroni-restart', [])
  await standsAgain(lab)
  assert.equal((await play('patroni-restart', ['-e', 'patroni_only_pending=true'])).changed, [])
  await play('patroni-remove-node', ['-e', `node=${next}`])
  await waitFor('the member to be forgotten', 120, async () =>
    (await members(lab)).every(({ Member }) => Member !== next),
  )
  assert.equal((await play('patroni-remove-node', ['-e', `node=${next}`])).changed, [])
  await play('patroni-add-node', ['-e', `node=${next}`])
  await standsAgain(lab)
  await nothingChanges(lab, 'patroni')
})

test.run()
