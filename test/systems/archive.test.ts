/** The plain pair whose WAL goes to barman by archive_command: each server, also the one that follows, must be let in there. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asRoot, explain, runPlaybook, testLab } from '../playbooks/support.ts'
import { times } from '../support/ten-on-one.ts'
import { nothingChanges, runAsPredicted } from './steps.ts'

const lab = testLab('test-archive')
const servers = ['pg1', 'pg2']
const archive = ['-e', 'barman_method=archive']
const test = suite('archive')

test.before(async () => {
  await lab.down()
  await lab.up()
})
test.after(() => lab.down())

const keysOfServers = () =>
  Promise.all(servers.map((server) => asRoot(lab, server, 'cut -d " " -f 2 /var/lib/postgresql/.ssh/id_ed25519.pub')))

/** Both servers put their key into barman's file at the same time. */
async function bothAreLetIn() {
  const file = await asRoot(lab, 'backup1', 'cat /var/lib/barman/.ssh/authorized_keys')
  for (const key of await keysOfServers()) assert.ok(file.includes(key.trim()), `${key} is missing in:\n${file}`)
}

test('site.ts brings it up, and a second run changes nothing', async () => {
  const run = await runPlaybook(lab, 'site', archive)
  assert.is(run.status, 0, explain(run))
  await bothAreLetIn()
  await nothingChanges(lab, 'site', archive)
  assert.not.match(await asRoot(lab, 'backup1', 'runuser -u barman -- barman check pg1'), /FAILED/)
})

test('new keys of both servers are let in by one run, and none is lost', async () => {
  for (let time = 0; time < times; time++) {
    for (const server of servers) await asRoot(lab, server, 'rm /var/lib/postgresql/.ssh/id_ed25519*')
    await asRoot(lab, 'backup1', 'rm /var/lib/barman/.ssh/authorized_keys')
    await runAsPredicted(lab, 'backup', archive)
    await bothAreLetIn()
    await nothingChanges(lab, 'backup', archive)
  }
})

test('rows, backup and restore are as they should be', async () => {
  const verify = await runPlaybook(lab, 'verify', archive)
  assert.is(verify.status, 0, explain(verify))
})

test.run()
