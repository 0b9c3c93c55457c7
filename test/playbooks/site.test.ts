/**
 * The two systems on real hosts, as a user meets them: check on bare hosts, the first run, the second, faults, drifts, and the documents' own checks.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { certifiedKey } from './certificate.ts'
import { checkDrift } from './drift-check.ts'
import { drifts } from './drifts.ts'
import { asRoot, explain, runPlaybook, snapshot, sql, testLab, waitFor } from './support.ts'

const lab = testLab('test-site')
const hosts = ['pg1', 'pg2', 'backup1']
const test = suite('site')
let pg = ''
let predicted: readonly string[] = []

test.before(async () => {
  await lab.down()
  await lab.up(hosts)
  pg = lab.release === '12' ? '15' : '17'
})
test.after(() => lab.down())

test('check on bare hosts ends well, touches nothing, and names what the run will change', async () => {
  const before = await Promise.all(hosts.map((host) => snapshot(lab, host)))
  const check = await runPlaybook(lab, 'site', ['--check', '--diff'])
  assert.is(check.status, 0, explain(check))
  const after = await Promise.all(hosts.map((host) => snapshot(lab, host)))
  for (const [index, host] of hosts.entries())
    assert.equal(differing(before[index] ?? '', after[index] ?? ''), [], `${host} was touched`)
  predicted = check.changed
})

const firstWal = 'backup1: The first WAL file in the archive'

test('the first run brings the system up, and changes exactly what check named', async () => {
  const run = await runPlaybook(lab, 'site')
  assert.is(run.status, 0, explain(run))
  // The clone's own WAL may have come by itself, when barman's cron had its minute in between.
  const others = (tasks: readonly string[]) => tasks.filter((task) => task !== firstWal)
  assert.ok(predicted.includes(firstWal))
  assert.equal(others(predicted), others(run.changed))
  assert.ok(run.changed.length > 20, 'a bring-up changes many things')
})

test('the replica streams over its slot, barman is content, and a restored backup holds the same rows', async () => {
  const verify = await runPlaybook(lab, 'verify')
  assert.is(verify.status, 0, explain(verify))
  const report = verify.results
    .filter((event) => event.task === 'Report')
    .map((event) => String(event.result['msg']))
    .join('\n')
  assert.match(report, /streams over an active slot, read-only/)
  assert.match(report, /the same as on the primary/)
  const checks = report.split('\n').filter((line) => /^ {2}[a-zA-Z _]+: (OK|FAILED)/.test(line))
  assert.ok(checks.length >= 18, report)
  assert.not.match(checks.join('\n'), /FAILED/)
})

test('a second run changes nothing', async () => {
  const run = await runPlaybook(lab, 'site')
  assert.is(run.status, 0, explain(run))
  assert.equal(run.changed, [])
})

test('the system’s own ssh, let in by a certificate alone, finds nothing to change either', async () => {
  const key = await certifiedKey(lab, hosts)
  try {
    const run = await runPlaybook(lab, 'site', ['-c', 'openssh', '-e', `ansible_ssh_private_key_file=${key.file}`])
    assert.is(run.status, 0, explain(run))
    assert.equal(run.changed, [])
  } finally {
    key.remove()
  }
})

const faults: readonly { readonly name: string; readonly make: () => Promise<void> }[] = [
  {
    name: "the replica's cable was cut and healed",
    make: async () => {
      await lab.cut('pg2')
      await sql(
        lab,
        'pg1',
        'create table during_the_cut as select generate_series(1, 1000) as n; drop table during_the_cut',
      )
      await lab.heal('pg2')
    },
  },
  { name: 'the primary rebooted', make: () => lab.reboot('pg1') },
  {
    name: 'the backup host lost power and started',
    make: async () => {
      await lab.kill('backup1')
      await lab.start('backup1')
    },
  },
]
for (const fault of faults)
  test(`nothing changes after ${fault.name}`, async () => {
    await fault.make()
    const run = await runPlaybook(lab, 'site')
    assert.is(run.status, 0, explain(run))
    assert.equal(run.changed, [])
  })

// A sample of what test/long goes through whole.
const sampled = [
  'an extra trust line on top of pg_hba.conf',
  'a managed setting overridden by ALTER SYSTEM, and in force since a restart',
  "barman's slot dropped",
]
for (const drift of drifts.filter((one) => sampled.includes(one.name)))
  test(`drift: ${drift.name}`, async () => {
    await checkDrift(lab, pg, drift)
  })

test('a standby that became a second primary is refused, with the way out, and its data stays', async () => {
  await sql(lab, 'pg2', 'select pg_promote()')
  await sql(lab, 'pg2', 'create table only_here as select 42 as answer')
  for (const args of [['--check'], []]) {
    const run = await runPlaybook(lab, 'site', args)
    assert.is(run.status, 2, explain(run))
    const error = run.results.find((event) => event.host === 'pg2' && event.status === 'failed')?.error
    assert.match(error?.message ?? '', /pg1 and pg2 both take writes: two primaries/)
    assert.ok((error?.next ?? '').length > 20, 'it says what to do')
  }
  assert.is(await sql(lab, 'pg2', 'select answer from only_here'), '42')
  // The way out that the error names: the data directory is moved away by hand, and the next run clones.
  await asRoot(
    lab,
    'pg2',
    `systemctl stop postgresql@${pg}-main && mv /var/lib/postgresql/${pg}/main /var/lib/postgresql/${pg}/second-primary`,
  )
  const mended = await runPlaybook(lab, 'site')
  assert.is(mended.status, 0, explain(mended))
  await waitFor('the standby', 30, async () => (await sql(lab, 'pg2', 'select pg_is_in_recovery()')) === 't')
})

function differing(before: string, after: string): readonly string[] {
  const [old, now] = [new Set(before.split('\n')), new Set(after.split('\n'))]
  return [...now].filter((line) => !old.has(line)).concat([...old].filter((line) => !now.has(line)))
}

test.run()
