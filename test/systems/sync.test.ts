/** Synchronous replication on real hosts: bring-up, drifts, switchovers under load, a dead master. A user of it must never lose an acknowledged row. */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkDrift } from '../playbooks/drift-check.ts'
import { asRoot, explain, runPlaybook, snapshot, sql, testLab, waitFor } from '../playbooks/support.ts'
import { nothingChanges, pictureOf, runAsPredicted, switchUnderLoad } from './steps.ts'
import { syncDrifts } from './sync-drifts.ts'
import { acknowledged, endWriter, startWriter } from './writer.ts'

const lab = testLab('test-sync', 'sync')
const hosts = ['pg1', 'pg2', 'pg3']
const folder = mkdtempSync(join(tmpdir(), 'hostwright-sync-'))
const dump = join(folder, 'app.sql')
const test = suite('sync')
const pg = () => (lab.release === '12' ? '15' : '17')
const withDump = ['-e', `dump=${dump}`]
let predicted: readonly string[] = []

test.before(async () => {
  writeFileSync(dump, 'CREATE TABLE books (id int PRIMARY KEY);\nINSERT INTO books VALUES (1), (2);\n')
  await lab.down()
  await lab.up(hosts)
})
test.after(async () => {
  rmSync(folder, { recursive: true })
  await lab.down()
})

const states = () =>
  sql(lab, 'pg1', 'select application_name, sync_state from pg_stat_replication order by 1').catch(() => '')

test('check on bare hosts ends well, and touches nothing', async () => {
  const before = await Promise.all(hosts.map((host) => snapshot(lab, host)))
  const check = await runPlaybook(lab, 'sync', ['--check', ...withDump])
  assert.is(check.status, 0, explain(check))
  assert.equal(await Promise.all(hosts.map((host) => snapshot(lab, host))), before)
  predicted = check.changed
})

test('the first run changes exactly what check named, and restores the dump', async () => {
  const run = await runPlaybook(lab, 'sync', withDump)
  assert.is(run.status, 0, explain(run))
  assert.equal(predicted, run.changed)
  assert.is(await states(), 'pg2|sync\npg3|potential')
  assert.is(await sql(lab, 'pg3', 'select count(*) from books', 'app'), '2')
})

test('a second run changes nothing, with the dump and without', async () => {
  const run = await runPlaybook(lab, 'sync', withDump)
  assert.is(run.status, 0, explain(run))
  assert.equal(run.changed, [])
  const picture = await pictureOf(lab, 'sync')
  assert.match(picture, /^ {2}s1\["pg1<br>.*<br>leads; commits wait for FIRST 1 \(pg2, pg3\)"\]$/m)
  assert.match(picture, /^ {2}s1 -->\|"everything, slot pg2<br>streaming, sync, \d+ bytes behind"\| s2$/m)
  assert.match(picture, /^ {2}s1 -->\|"everything, slot pg3<br>streaming, potential, \d+ bytes behind"\| s3$/m)
})

test("the document's own checks hold, and leave everything as it was", async () => {
  const verify = await runPlaybook(lab, 'verify-sync')
  assert.is(verify.status, 0, explain(verify))
  await nothingChanges(lab, 'sync')
})

for (const drift of syncDrifts)
  test(`drift: ${drift.name}`, async () => {
    await checkDrift(lab, pg(), drift, 'sync')
  })

test('any two of the standbys: the names follow the variables', async () => {
  const any = ['-e', 'sync_method=ANY', '-e', 'sync_count=2']
  const run = await runAsPredicted(lab, 'sync', any)
  assert.equal(
    run.changed,
    hosts.map((host) => `${host}: Commits wait for standbys`),
  )
  await waitFor('quorum', 60, async () => (await states()) === 'pg2|quorum\npg3|quorum')
  await runAsPredicted(lab, 'sync')
})

for (const [from, to] of [
  ['pg1', 'pg2'],
  ['pg2', 'pg1'],
] as const)
  test(`a switchover from ${from} to ${to} while a client writes loses no acknowledged row`, () =>
    switchUnderLoad(lab, { playbook: 'sync', from, to, servers: hosts, client: 'pg3' }))

test('of a dead master the standby with all its rows takes over, and it follows when it is back', async () => {
  await startWriter(lab, 'pg3', 'pg1', ['pg1', 'pg2'])
  await waitFor('rows', 60, async () => (await acknowledged(lab, 'pg3')) > 5)
  await lab.kill('pg1')
  const run = await runPlaybook(lab, 'switchover', ['-e', 'promote=pg2', '--limit', '!pg1'])
  assert.is(run.status, 0, explain(run))
  const then = await acknowledged(lab, 'pg3')
  await waitFor('rows on the new master', 60, async () => (await acknowledged(lab, 'pg3')) > then + 5)
  await endWriter(lab, 'pg3', ['pg2', 'pg3'])
  await lab.start('pg1')
  await waitFor('pg1', 60, async () => (await sql(lab, 'pg1', 'select 1')) === '1')
  const refused = await runPlaybook(lab, 'sync')
  assert.is(refused.status, 2, 'two primaries are refused')
  assert.match(explain(refused), /both take writes.*promote=/s)
  await runAsPredicted(lab, 'switchover', ['-e', 'promote=pg2'])
  await waitFor('the rows on pg1', 60, async () => (await sql(lab, 'pg1', 'select pg_is_in_recovery()')) === 't')
  await nothingChanges(lab, 'sync')
})

test('a promotion that may lose acknowledged rows is refused, and forced only by name', async () => {
  await lab.cut('pg3')
  await asRoot(
    lab,
    'pg2',
    `systemctl kill --signal=KILL postgresql@${pg()}-main; systemctl stop postgresql@${pg()}-main`,
  )
  const args = ['-e', 'promote=pg1', '--limit', '!pg3']
  const refused = await runPlaybook(lab, 'switchover', args)
  assert.is(refused.status, 2, explain(refused))
  assert.match(explain(refused), /only 1 of its 2 standbys.*force=true/s)
  assert.is(await sql(lab, 'pg1', 'select pg_is_in_recovery()'), 't')
  const forced = await runPlaybook(lab, 'switchover', [...args, '-e', 'force=true'])
  assert.is(forced.status, 0, explain(forced))
  await lab.heal('pg3')
  const all = await runPlaybook(lab, 'switchover', ['-e', 'promote=pg1', '-e', 'force=true'])
  assert.is(all.status, 0, explain(all))
  await nothingChanges(lab, 'sync')
})

test.run()
