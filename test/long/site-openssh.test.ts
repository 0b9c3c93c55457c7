/** Both systems, installed on bare hosts over OpenSSH's own `ssh`. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explain, runPlaybook, testLab } from '../playbooks/support.ts'

const lab = testLab('test-openssh')
const test = suite('site over openssh')

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2', 'backup1'])
})
test.after(() => lab.down())

test('the first run brings the system up, the second changes nothing', async () => {
  const [first, second] = [
    await runPlaybook(lab, 'site', ['-c', 'openssh']),
    await runPlaybook(lab, 'site', ['-c', 'openssh']),
  ]
  assert.is(first.status, 0, explain(first))
  assert.is(second.status, 0, explain(second))
  assert.equal(second.changed, [])
})

test.run()
