/** etcd on the three members instead of ns: the cluster outlives the loss of one of them, store and all. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asRoot, explain, runPlaybook, testLab, waitFor } from '../playbooks/support.ts'
import { standsAgain } from '../systems/failover.ts'
import { leaderOf } from '../systems/patroni-drifts.ts'
import { nothingChanges } from '../systems/steps.ts'

const lab = testLab('test-etcd-three', 'patroni')
const three = ['-e', 'etcd_group=patroni']
const test = suite('three members of etcd')

test.before(async () => {
  await lab.down()
  await lab.up()
})
test.after(() => lab.down())

test('one command brings it up, and a second changes nothing', async () => {
  const run = await runPlaybook(lab, 'patroni', three)
  assert.is(run.status, 0, explain(run))
  await nothingChanges(lab, 'patroni', three)
  assert.is((await asRoot(lab, 'ns', 'ls /var/lib/etcd 2>/dev/null || :')).trim(), '')
})

test('it verifies', async () => {
  const verify = await runPlaybook(lab, 'verify-patroni', three)
  assert.is(verify.status, 0, explain(verify))
})

test('the host of the leader, a third of the store, is lost: another leads, and all come back', async () => {
  await standsAgain(lab)
  const former = await leaderOf(lab)
  await lab.kill(former)
  await waitFor('another leader', 120, async () => ![former, ''].includes(await leaderOf(lab)))
  await lab.start(former)
  await standsAgain(lab)
  await nothingChanges(lab, 'patroni', three)
})

test.run()
