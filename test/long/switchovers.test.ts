/** Ten switchovers to and fro while a client writes: no acknowledged row is ever lost, and a run after each changes nothing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explain, runPlaybook, testLab, waitFor } from '../playbooks/support.ts'
import { acknowledged, endWriter, startWriter } from '../systems/writer.ts'

const lab = testLab('test-switchovers', 'sync')
const hosts = ['pg1', 'pg2', 'pg3']
const test = suite('switchovers')

test.before(async () => {
  await lab.down()
  await lab.up(hosts)
  const run = await runPlaybook(lab, 'sync')
  assert.is(run.status, 0, explain(run))
  await startWriter(lab, 'pg3', 'pg1', hosts)
})
test.after(() => lab.down())

for (let turn = 1; turn <= 10; turn++)
  test(`switchover ${turn} of 10`, async () => {
    const before = await acknowledged(lab, 'pg3')
    await waitFor('rows', 120, async () => (await acknowledged(lab, 'pg3')) > before + 5)
    const run = await runPlaybook(lab, 'switchover', ['-e', `promote=${turn % 2 === 1 ? 'pg2' : 'pg1'}`])
    assert.is(run.status, 0, explain(run))
    const again = await runPlaybook(lab, 'sync')
    assert.is(again.status, 0, explain(again))
    assert.equal(again.changed, [])
  })

test('every acknowledged row is on every server', async () => {
  console.log(`${await endWriter(lab, 'pg3', hosts)} rows were acknowledged`)
})

test.run()
