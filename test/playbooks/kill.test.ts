/** A bring-up killed while the standby is being cloned. All twenty moments: test/long. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { killedWhen, runAgain } from './kill-check.ts'
import { asRoot, testLab } from './support.ts'

const lab = testLab('test-kill')
const test = suite('kill')

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2', 'backup1'])
})
test.after(() => lab.down())

test('a killed bring-up, run again, ends in the verified state, and no file was half written', async () => {
  const cloning = async () => (await asRoot(lab, 'pg2', 'pgrep -x pg_basebackup || :')) !== ''
  const killed = await killedWhen(lab, 'the standby to be cloned', cloning)
  assert.is(await runAgain(lab, lab.release === '12' ? '15' : '17', killed), 'Clone the primary')
})

test.run()
