/** A bring-up killed (SIGKILL) at twenty moments, spread over its whole length, and run again. */
import { suite } from 'uvu'
import { killAndRunAgain, wholeRun } from '../playbooks/kill-check.ts'
import { testLab } from '../playbooks/support.ts'

const lab = testLab('test-kills')
const test = suite('kills')
const moments = 20
let pg = ''
let whole: Awaited<ReturnType<typeof wholeRun>>

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2', 'backup1'])
  pg = lab.release === '12' ? '15' : '17'
  whole = await wholeRun(lab, pg)
})
test.after(() => lab.down())

for (let moment = 1; moment <= moments; moment++)
  test(`killed at ${moment} of ${moments}`, async () => {
    const seconds = 1 + ((whole.seconds - 3) * (moment - 0.5)) / moments
    const task = await killAndRunAgain(lab, pg, seconds, whole.files)
    console.log(`killed after ${seconds.toFixed(1)} s, in "${task}"`)
  })

test.run()
