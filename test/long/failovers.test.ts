/** Ten failovers of the Patroni cluster by a power cut, and ten by a cut cable, while a client writes: in synchronous mode no acknowledged row is ever lost. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explain, runPlaybook, testLab } from '../playbooks/support.ts'
import { failOver, installClient, synchronousMode } from '../systems/failover.ts'

const lab = testLab('test-failovers', 'patroni')
const test = suite('failovers')

test.before(async () => {
  await lab.down()
  await lab.up()
  const run = await runPlaybook(lab, 'patroni', synchronousMode)
  assert.is(run.status, 0, explain(run))
  await installClient(lab, lab.release === '12' ? '15' : '17')
})
test.after(() => lab.down())

for (let turn = 1; turn <= 10; turn++)
  for (const fault of ['power cut', 'cable cut'] as const) test(`${fault} ${turn} of 10`, () => failOver(lab, fault))

test.run()
