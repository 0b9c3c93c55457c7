/** The plain pair with barman, whose roles are swapped under load: no acknowledged row is lost, and barman goes on. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asRoot, explain, runPlaybook, sql, testLab } from '../playbooks/support.ts'
import { nothingChanges, switchUnderLoad } from './steps.ts'

const lab = testLab('test-pair')
const servers = ['pg1', 'pg2']
const test = suite('pair')

test.before(async () => {
  await lab.down()
  await lab.up()
  const run = await runPlaybook(lab, 'site')
  assert.is(run.status, 0, explain(run))
})
test.after(() => lab.down())

/** What `barman check` says of the server, which keeps its name. */
async function barmanIsContent(leader: string) {
  const check = await asRoot(lab, 'backup1', 'runuser -u barman -- barman check pg1')
  assert.not.match(check, /FAILED/)
  const address = lab.address(leader)
  assert.match(await asRoot(lab, 'backup1', 'runuser -u barman -- barman show-servers pg1'), `host=${address} `)
}

for (const [from, to] of [
  ['pg1', 'pg2'],
  ['pg2', 'pg1'],
] as const) {
  test(`a switchover from ${from} to ${to} loses nothing, and barman follows`, async () => {
    await switchUnderLoad(lab, { playbook: 'site', from, to, servers, client: 'pg2' })
    await barmanIsContent(to)
  })

  test(`with ${to} leading, rows, backup and restore are as they should be`, async () => {
    const verify = await runPlaybook(lab, 'verify')
    assert.is(verify.status, 0, explain(verify))
    await nothingChanges(lab, 'site')
  })
}

test('of a dead primary the replica is promoted by force only; barman follows, and so does the old primary when it is back', async () => {
  await lab.kill('pg1')
  const args = ['-e', 'promote=pg2', '--limit', '!pg1']
  const refused = await runPlaybook(lab, 'switchover', args)
  assert.is(refused.status, 2, explain(refused))
  assert.match(explain(refused), /did not wait for pg2.*force=true/s)
  const forced = await runPlaybook(lab, 'switchover', [...args, '-e', 'force=true'])
  assert.is(forced.status, 0, explain(forced))
  await barmanIsContent('pg2')
  await lab.start('pg1')
  const all = await runPlaybook(lab, 'switchover', ['-e', 'promote=pg2', '-e', 'force=true'])
  assert.is(all.status, 0, explain(all))
  assert.is(await sql(lab, 'pg1', 'select pg_is_in_recovery()'), 't')
  await nothingChanges(lab, 'site')
})

test.run()
