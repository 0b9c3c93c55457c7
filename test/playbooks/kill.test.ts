/** A bring-up killed at one moment, where a standby is being cloned or a package installed. All twenty moments: test/long. */
import { suite } from 'uvu'
import { killAndRunAgain, wholeRun } from './kill-check.ts'
import { testLab } from './support.ts'

const lab = testLab('test-kill')
const test = suite('kill')

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2', 'backup1'])
})
test.after(() => lab.down())

test('a killed bring-up, run again, ends in the verified state, and no file was half written', async () => {
  const pg = lab.release === '12' ? '15' : '17'
  const whole = await wholeRun(lab, pg)
  await killAndRunAgain(lab, pg, whole.seconds * 0.5, whole.files)
})

test.run()
