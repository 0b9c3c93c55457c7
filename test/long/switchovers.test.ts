/** Ten switchovers to and fro of each system while a client writes: no acknowledged row is ever lost, and a run after each changes nothing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asRoot, explain, runPlaybook, testLab } from '../playbooks/support.ts'
import { switchUnderLoad } from '../systems/steps.ts'

const systems = [
  { name: 'replication', playbook: 'site', servers: ['pg1', 'pg2'], client: 'pg2' },
  { name: 'sync', playbook: 'sync', servers: ['pg1', 'pg2', 'pg3'], client: 'pg3' },
] as const

for (const { name, playbook, servers, client } of systems) {
  const lab = testLab(`test-switch-${name}`, name)
  const test = suite(`switchovers of ${name}`)

  test.before(async () => {
    await lab.down()
    await lab.up()
    const run = await runPlaybook(lab, playbook)
    assert.is(run.status, 0, explain(run))
  })
  test.after(() => lab.down())

  for (let turn = 1; turn <= 10; turn++)
    test(`switchover ${turn} of 10`, async () => {
      const [from, to] = turn % 2 === 1 ? (['pg1', 'pg2'] as const) : (['pg2', 'pg1'] as const)
      await switchUnderLoad(lab, { playbook, from, to, servers, client })
      if (name !== 'replication') return
      assert.not.match(await asRoot(lab, 'backup1', 'runuser -u barman -- barman check pg1'), /FAILED/)
    })

  test.run()
}
