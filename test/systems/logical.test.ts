/** The logical mini-cluster on real hosts: check on bare hosts, the first run, the second, reboots, drifts, a failover of the reader, and the document's own checks. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDrift } from '../playbooks/drift-check.ts'
import { pictureOf } from './steps.ts'
import { logicalDrifts } from './logical-drifts.ts'
import { asRoot, explain, runPlaybook, snapshot, sql, testLab, waitFor } from '../playbooks/support.ts'

const lab = testLab('test-logical', 'logical')
const hosts = ['vm1', 'vm2', 'vm3', 'vm4']
const test = suite('logical')
let pg = ''
let predicted: readonly string[] = []

test.before(async () => {
  await lab.down()
  await lab.up()
  pg = lab.release === '12' ? '15' : '17'
})
test.after(() => lab.down())

async function converged(): Promise<void> {
  const run = await runPlaybook(lab, 'logical')
  assert.is(run.status, 0, explain(run))
  assert.equal(run.changed, [])
}

async function verified(): Promise<void> {
  const verify = await runPlaybook(lab, 'verify-logical')
  assert.is(verify.status, 0, explain(verify))
}

test('check on bare hosts ends well, touches nothing, and names what the run will change', async () => {
  const before = await Promise.all(hosts.map((host) => snapshot(lab, host)))
  const check = await runPlaybook(lab, 'logical', ['--check', '--diff'])
  assert.is(check.status, 0, explain(check))
  const after = await Promise.all(hosts.map((host) => snapshot(lab, host)))
  assert.equal(after, before)
  predicted = check.changed
})

test('the first run brings it up, changes exactly what check named, and shows no password', async () => {
  const run = await runPlaybook(lab, 'logical')
  assert.is(run.status, 0, explain(run))
  assert.equal(predicted, run.changed)
  assert.ok(run.changed.length > 40, 'a bring-up changes many things')
  const password = /^logical_password=(.*)$/m.exec(lab.inventory())?.[1] ?? ''
  assert.ok(password.length > 20)
  assert.not.match(run.stdout + run.stderr, new RegExp(password))
  for (const host of ['vm1', 'vm2', 'vm3']) {
    assert.not.match(await sql(lab, host, 'select subconninfo from pg_subscription'), new RegExp(password))
    assert.not.match(await asRoot(lab, host, 'cat /var/log/postgresql/*.log'), new RegExp(password))
  }
})

test('the report shows who publishes what to whom', async () => {
  const run = await runPlaybook(lab, 'logical')
  const report = run.results.find((event) => event.task === 'Report')
  const text = String(report?.result['msg'])
  assert.match(
    text,
    /vm2: .*\n {2}writes test2, publishes it as publ_test2\n {2}<── vm1 {2}publ_test1 by subs_test1, slot subs_test1_vm2: streaming, \d+ bytes behind/,
  )
  assert.match(text, /<── vm3 {2}everything, slot vm4: streaming/)
  assert.match(
    await pictureOf(lab, 'logical'),
    /-->\|"publ_test1 by subs_test1, slot subs_test1_vm2<br>streaming, \d+ bytes behind"\|/,
  )
  assert.equal(run.changed, [], 'a second run changes nothing')
})

test('rows written on 1 and 2 arrive everywhere, and the standby refuses to be written', verified)

for (const host of hosts)
  test(`nothing changes after a reboot of ${host}`, async () => {
    await lab.reboot(host)
    await converged()
  })

for (const drift of logicalDrifts)
  test(`drift: ${drift.name}`, async () => {
    await checkDrift(lab, pg, drift, 'logical')
  })

test('after all drifts the rows are the same everywhere', verified)

test('when the standby has taken over, it goes on with the same slots, and the reader becomes its standby', async () => {
  await asRoot(
    lab,
    'vm3',
    `systemctl stop postgresql@${pg}-main && mv /var/lib/postgresql/${pg}/main /var/lib/postgresql/${pg}/before`,
  )
  await sql(lab, 'vm4', 'select pg_promote()')
  await waitFor('vm4 to take writes', 60, async () => (await sql(lab, 'vm4', 'select pg_is_in_recovery()')) === 'f')
  const run = await runPlaybook(lab, 'logical')
  assert.is(run.status, 0, explain(run))
  assert.not.ok(run.changed.includes('vm4: Subscribe'), 'its subscriptions are as they should be')
  assert.ok(run.changed.includes('vm3: Clone the one that leads'), explain(run))
  await converged()
  await verified()
})

test.run()
