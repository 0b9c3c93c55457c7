/** Every drift of the Patroni cluster by itself: check names exactly what the run mends, and the next run changes nothing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDrift } from '../playbooks/drift-check.ts'
import { allWell, leaderOf, patroniDrifts } from '../systems/patroni-drifts.ts'
import { explain, runPlaybook, testLab, waitFor } from '../playbooks/support.ts'

const lab = testLab('test-patroni-drifts', 'patroni')
const test = suite('patroni drifts')
const pg = lab.release === '12' ? '15' : '17'

test.before(async () => {
  await lab.down()
  await lab.up()
  const run = await runPlaybook(lab, 'patroni')
  assert.is(run.status, 0, explain(run))
})
test.after(() => lab.down())

for (const { changes, ...drift } of patroniDrifts)
  test(drift.name, async () => {
    await waitFor('the cluster to stand', 300, () => allWell(lab))
    const leader = await leaderOf(lab)
    assert.equal(await checkDrift(lab, pg, drift, 'patroni'), changes(leader))
  })

test('after all of them the cluster verifies', async () => {
  const verify = await runPlaybook(lab, 'verify-patroni')
  assert.is(verify.status, 0, explain(verify))
})

test.run()
