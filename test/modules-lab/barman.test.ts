import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openLab } from '../../lab/index.ts'
import { HostwrightError } from '../../lib/error.ts'
import type { Host } from '../../lib/host/host.ts'
import { PendingEffects } from '../../lib/host/pending-effects.ts'
import { simulateHost } from '../../lib/host/simulated.ts'
import { Unreadable } from '../../lib/host/unreadable.ts'
import { barman_backup } from '../../modules/barman_backup.ts'
import { barman_check } from '../../modules/barman_check.ts'
import { barman_cron } from '../../modules/barman_cron.ts'
import { barman_list_backups } from '../../modules/barman_list_backups.ts'
import { barman_recover } from '../../modules/barman_recover.ts'
import { barman_server } from '../../modules/barman_server.ts'
import { barman_status } from '../../modules/barman_status.ts'
import { barman_switch_wal } from '../../modules/barman_switch_wal.ts'
import { barman_verify_restore } from '../../modules/barman_verify_restore.ts'
import { prove, runCall, simulate, withHost } from '../../lib/testing/index.ts'

const lab = openLab({ id: 'm-barman' })
const version = lab.release === '12' ? '15' : '17'
await lab.up(['pg1', 'backup1'])
const [, section = ''] = lab.inventory().split('[all:vars]\n')
const login = Object.fromEntries(
  section.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
)
const asRoot = <T>(use: (host: Host) => Promise<T>): Promise<T> =>
  withHost(use, { name: 'backup1', vars: { ...login, ansible_host: lab.address('backup1'), ansible_become: true } })
const onPrimary = (sql: string): Promise<string> =>
  lab.console('pg1', 'cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -f -', `${sql}\n`)

const primary = lab.address('pg1')
const name = 'pg1'
const server = {
  name,
  description: 'The primary; of "books"',
  conninfo: `host=${primary} user=barman dbname=postgres`,
  streaming_conninfo: `host=${primary} user=streaming_barman`,
  streaming_archiver: true,
  slot_name: 'barman',
  path_prefix: `/usr/lib/postgresql/${version}/bin`,
  retention_policy: 'RECOVERY WINDOW OF 7 DAYS',
}

async function failure(work: Promise<unknown>): Promise<HostwrightError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof HostwrightError) return error
  throw error ?? new Error('it should have failed')
}

test('without barman everything says that it is not installed', () =>
  asRoot(async (host) => {
    for (const call of [
      barman_check({ name }),
      barman_switch_wal({ name }),
      barman_backup({ name }),
      barman_list_backups({ name }),
    ]) {
      const error = await failure(runCall<unknown>(host, call))
      assert.instance(error, Unreadable)
      assert.match(error.message, 'barman is not installed')
    }
  }))

test('on a bare host, check mode predicts the files', () =>
  asRoot(async (host) => {
    const pendingEffects = new PendingEffects()
    pendingEffects.note({ kind: 'package', name: 'barman', host: host.name, task: 'Install barman' })
    const simulated = simulateHost(host.name, pendingEffects).forTask('check', host)
    for (const call of [barman_cron({}), barman_server(server)]) {
      assert.is((await runCall<unknown>(simulated, call)).changed, true)
      assert.is((await runCall<unknown>(simulated, call)).changed, false)
    }
  }))

test('a primary and barman are installed', async () => {
  const install = (packages: string) =>
    `export DEBIAN_FRONTEND=noninteractive; apt-get update -q >/dev/null && apt-get install -qy ${packages} >/dev/null 2>&1`
  await Promise.all([
    lab.console(
      'pg1',
      `set -e; ${install(`postgresql-${version}`)}
cat >>/etc/postgresql/${version}/main/pg_hba.conf <<'END'
host all barman 10.77.0.0/16 scram-sha-256
host replication streaming_barman 10.77.0.0/16 scram-sha-256
END
echo "listen_addresses = '*'" >/etc/postgresql/${version}/main/conf.d/net.conf
pg_ctlcluster ${version} main restart`,
    ),
    lab.console(
      'backup1',
      `set -e; mkdir -p /etc/postgresql-common; echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
${install(`barman postgresql-${version}`)}
printf '%s:5432:*:%s:secret-1\\n' ${primary} barman ${primary} streaming_barman >/var/lib/barman/.pgpass
chown barman: /var/lib/barman/.pgpass; chmod 600 /var/lib/barman/.pgpass`,
    ),
  ])
  await onPrimary(`CREATE ROLE barman LOGIN PASSWORD 'secret-1'; CREATE ROLE streaming_barman LOGIN REPLICATION PASSWORD 'secret-1';
    GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
    GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text) TO barman;
    SELECT pg_create_physical_replication_slot('barman', true);
    CREATE TABLE books (id int, title text); INSERT INTO books VALUES (1, 'Мастер и Маргарита')`)
})

test('an unknown server is named as such, and not waited for', () =>
  asRoot(async (host) => {
    const error = await failure(runCall(host, barman_check({ name: 'nobody' })))
    assert.instance(error, Unreadable)
    assert.match(error.message, 'barman does not know a server nobody')
  }))

test('cron and the server are described once', () =>
  asRoot(async (host) => {
    await prove(host, barman_cron({}))
    const { diff } = await prove(host, barman_server({ ...server, options: { check_timeout: 60 } }))
    assert.match(String(diff[0]?.after), 'description = The primary; of "books"')
    assert.match(String(diff[0]?.after), 'check_timeout = 60')
    await prove(host, barman_server(server))
  }))

test('the first WAL arrives, though the server is idle', () =>
  asRoot(async (host) => {
    const predicted = await runCall(simulate(host), barman_switch_wal({ name }))
    assert.is(predicted.changed, true)
    const { changed, result } = await runCall(host, barman_switch_wal({ name }))
    assert.is(changed, true)
    assert.match(result.wal, /^[0-9A-F]{24}$/)
    assert.is((await runCall(host, barman_switch_wal({ name }))).changed, false)
  }))

test('a backup is taken once, and brought to DONE', () =>
  asRoot(async (host) => {
    const first = barman_backup({ name, immediate_checkpoint: true })
    const predicted = await runCall(simulate(host), first)
    assert.is(predicted.changed, true)
    const { changed, result } = await runCall(host, first)
    assert.is(changed, true)
    assert.match(result.backup_id, /^\d{8}T\d{6}$/)
    assert.is(result.status, 'DONE')
    assert.ok(result.size > 1_000_000)
    const again = await runCall(host, barman_backup({ name, max_age: '1d' }))
    assert.is(again.changed, false)
    assert.is(again.result.backup_id, result.backup_id)
  }))

test('every line of barman check is OK for a role that is no superuser', () =>
  asRoot(async (host) => {
    const { result } = await runCall(host, barman_check({ name }))
    assert.is(result.ok, true)
    assert.is(result.checks['receive-wal running']?.status, 'OK')
    assert.is(result.report[0], 'Server pg1:')
    assert.ok(Object.values(result.checks).every(({ status }) => status === 'OK'))
  }))

test('backups and status are listed', () =>
  asRoot(async (host) => {
    const { result } = await runCall(host, barman_list_backups({ name }))
    assert.is(result.backups.length, 1)
    assert.is(result.report.length, 1)
    const { status } = (await runCall(host, barman_status({ name }))).result
    assert.is(status['Cluster state'], 'in production')
    assert.is(status['No. of available backups'], '1')
  }))

test('a backup is restored aside, up to the last archived row, and nothing is left', () =>
  asRoot(async (host) => {
    await onPrimary(`INSERT INTO books VALUES (2, 'after the backup')`)
    assert.is((await runCall(host, barman_switch_wal({ name, force: true }))).changed, true)
    const call = barman_verify_restore({ name, version, query: 'SELECT id, title FROM books ORDER BY id;' })
    const simulated = await runCall(simulate(host), call)
    assert.equal(simulated.result.rows, [])
    const { result } = await runCall(host, call)
    assert.equal(result.rows, [
      { id: 1, title: 'Мастер и Маргарита' },
      { id: 2, title: 'after the backup' },
    ])
    const broken = await failure(runCall(host, barman_verify_restore({ name, version, query: 'SELECT nonsense' })))
    assert.match(broken.message, /could not be asked: .*column "nonsense" does not exist/)
    assert.is(
      await lab.console('backup1', 'find /var/lib/barman -maxdepth 1 -name "verify-*"; pgrep -x postgres || :'),
      '',
    )
  }))

test('a backup is restored into an empty place once, and never over data', () =>
  asRoot(async (host) => {
    const call = barman_recover({ name, path: '/var/lib/barman/aside', standby_mode: true })
    assert.is((await runCall(simulate(host), call)).changed, true)
    assert.is((await runCall(host, call)).changed, true)
    assert.is((await runCall(host, call)).changed, false)
    assert.match(await lab.console('backup1', 'ls /var/lib/barman/aside'), 'standby.signal')
    await lab.console('backup1', 'install -d -o barman /var/lib/barman/full && touch /var/lib/barman/full/precious')
    const error = await failure(runCall(host, barman_recover({ name, path: '/var/lib/barman/full' })))
    assert.match(error.message, '/var/lib/barman/full is not empty')
    assert.is((await lab.console('backup1', 'ls /var/lib/barman/full')).trim(), 'precious')
  }))

test('a backup that hangs on archive_command is stopped, said so, and cleaned up after the next good one', () =>
  asRoot(async (host) => {
    await onPrimary(`ALTER SYSTEM SET archive_mode = on`)
    await onPrimary(`ALTER SYSTEM SET archive_command = '/bin/false'`)
    await lab.console('pg1', `pg_ctlcluster ${version} main restart`)
    const error = await failure(
      runCall(host, barman_backup({ name, force: true, timeout: 20, immediate_checkpoint: true })),
    )
    assert.match(error.message, 'was not finished within 20 seconds')
    assert.match(error.next ?? '', 'archive_command')
    const check = await failure(runCall(host, barman_check({ name, timeout: 60 })))
    assert.match(check.message, 'failed backups')
    await onPrimary(`ALTER SYSTEM RESET ALL`)
    await lab.console('pg1', `pg_ctlcluster ${version} main restart`)
    const { result, diff } = await runCall(host, barman_backup({ name, force: true, immediate_checkpoint: true }))
    assert.is(result.status, 'DONE')
    assert.equal((diff[0]?.after as Record<string, unknown>)['failed'], 'none')
    assert.is((await runCall(host, barman_check({ name }))).result.ok, true)
    assert.is((await runCall(host, barman_backup({ name }))).changed, false)
  }))

test('a server is forgotten, its backups are kept', () =>
  asRoot(async (host) => {
    await prove(host, barman_server({ name, state: 'absent' }))
    await prove(host, barman_cron({ state: 'absent' }))
    assert.match(await lab.console('backup1', 'ls /var/lib/barman/pg1'), 'base')
  }))

test.after(() => lab.down())
test.run()
