/** Every drift, on both ways of backing up: check names exactly what the run mends, and the next run changes nothing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDrift } from '../playbooks/drift-check.ts'
import { drifts } from '../playbooks/drifts.ts'
import { explain, runPlaybook, testLab } from '../playbooks/support.ts'

const lab = testLab('test-drifts')
const test = suite('drifts')
let pg = ''

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2', 'backup1'])
  pg = lab.release === '12' ? '15' : '17'
  const run = await runPlaybook(lab, 'site')
  assert.is(run.status, 0, explain(run))
})
test.after(() => lab.down())

for (const drift of drifts)
  test(drift.name, async () => {
    const changed = await checkDrift(lab, pg, drift)
    console.log(`${drift.name}: ${changed.join('; ')}`)
  })

test('after all of them the system verifies', async () => {
  const verify = await runPlaybook(lab, 'verify')
  assert.is(verify.status, 0, explain(verify))
})

test.run()
