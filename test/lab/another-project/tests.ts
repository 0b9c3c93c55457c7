/** The project's own tests, as its author runs them: on this machine, and on the hosts that `npx hostwright lab up` has started. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play, playbook, run, schema, Type } from 'hostwright'
import { openLab } from 'hostwright/lab'
import { replication } from 'hostwright/playbooks'
import { inFolder, prove, provePlaybook, withHost } from 'hostwright/testing'
import { greeter, motd, plainSsh } from './index.js'

const lab = openLab()
const web = play('Web', { hosts: 'web', become: true, vars: schema({ greeting: Type.String() }) }).use(greeter)
const site = playbook('site', [web])
const greeting = { greeting: 'Welcome' }
const pair = [lab.inventoryFile, 'pair.yml']

test('the module is written once, as check mode predicts', () =>
  inFolder((folder) =>
    withHost(async (host) => {
      const { diff } = await prove(host, motd({ text: 'Welcome', path: `${folder}/motd` }))
      assert.equal(diff[0]?.after, 'Welcome\n')
    }),
  ))

test('the role changes a clean host once, and then nothing', async () => {
  await lab.reset(['web1'])
  const { done } = await provePlaybook(site, { inventory: lab.inventoryFile, vars: greeting })
  assert.equal(done.counts['web1']?.changed, 2)
  assert.equal((await lab.ssh('web1', 'figlet -v >/dev/null && cat /srv/greeting')).stdout, 'Welcome\n')
  assert.ok((await lab.ssh('db1', 'figlet -v', { allowFailure: true })).exitCode > 0)
})

test('the connection reaches the same host', async () => {
  const again = await run(site, {
    inventory: lab.inventoryFile,
    vars: { ...greeting, ansible_connection: 'plain_ssh' },
    connections: { plain_ssh: plainSsh },
  })
  assert.deepEqual([again.ok, again.changed, again.counts['web1']?.ok], [true, false, 2])
})

test('replication comes up with an inventory of the project’s own, and stays as it is', async () => {
  const first = await run(replication, { inventory: pair })
  assert.equal(first.ok, true)
  assert.equal((await run(replication, { inventory: pair })).changed, false)
  const rows = `sudo -u postgres psql -Atc 'SELECT count(*) FROM pg_stat_replication' 2>/dev/null`
  assert.equal((await lab.ssh('db1', rows)).stdout.trim(), '1')
})
