/** A bring-up killed (SIGKILL) at twenty moments, spread over its whole length, and run again. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { killedAfter, runAgain } from '../playbooks/kill-check.ts'
import { explain, runPlaybook, testLab } from '../playbooks/support.ts'

const lab = testLab('test-kills')
const test = suite('kills')
const moments = 20
const pg = lab.release === '12' ? '15' : '17'
let length = 0

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2', 'backup1'])
  const whole = await runPlaybook(lab, 'site')
  assert.is(whole.status, 0, explain(whole))
  length = whole.seconds
})
test.after(() => lab.down())

for (let moment = 1; moment <= moments; moment++)
  test(`killed at ${moment} of ${moments}`, async () => {
    const seconds = 1 + ((length - 3) * (moment - 0.5)) / moments
    const task = await runAgain(lab, pg, await killedAfter(lab, seconds))
    console.log(`killed after ${seconds.toFixed(1)} s, in "${task}"`)
  })

test.run()
