import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openLab } from '../../lab/index.ts'
import type { Host } from '../../lib/host/host.ts'
import { barman_backup } from '../../modules/barman_backup.ts'
import { barman_check } from '../../modules/barman_check.ts'
import { barman_server } from '../../modules/barman_server.ts'
import { barman_switch_wal } from '../../modules/barman_switch_wal.ts'
import { barman_verify_restore } from '../../modules/barman_verify_restore.ts'
import { runCall, withHost } from '../../lib/testing/index.ts'

/** The other way for WAL to come in: the primary's archive_command sends it over ssh. */
const lab = openLab({ id: 'm-barman-archive' })
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

const [primary, backup] = [lab.address('pg1'), lab.address('backup1')]
const name = 'pg1'

test('a primary and barman are installed, and reach each other', async () => {
  const install = (packages: string) =>
    `set -e; export DEBIAN_FRONTEND=noninteractive; apt-get update -q >/dev/null; apt-get install -qy ${packages} >/dev/null 2>&1`
  const [key] = await Promise.all([
    lab.console(
      'pg1',
      `${install(`postgresql-${version} barman-cli openssh-client`)}
echo 'host all barman 10.77.0.0/16 scram-sha-256
host replication barman 10.77.0.0/16 scram-sha-256' >>/etc/postgresql/${version}/main/pg_hba.conf
echo "listen_addresses = '*'" >/etc/postgresql/${version}/main/conf.d/net.conf
pg_ctlcluster ${version} main restart
runuser -u postgres -- ssh-keygen -q -t ed25519 -N '' -f /var/lib/postgresql/.ssh/id_ed25519
cat /var/lib/postgresql/.ssh/id_ed25519.pub`,
    ),
    lab.console(
      'backup1',
      `mkdir -p /etc/postgresql-common; echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
${install(`barman barman-cli postgresql-${version}`)}
echo '${primary}:5432:*:barman:secret-1' >/var/lib/barman/.pgpass; chown barman: /var/lib/barman/.pgpass; chmod 600 /var/lib/barman/.pgpass`,
    ),
  ])
  await lab.console(
    'backup1',
    `install -d -o barman -g barman -m 0700 /var/lib/barman/.ssh; cat >/var/lib/barman/.ssh/authorized_keys; chown barman: /var/lib/barman/.ssh/authorized_keys`,
    key,
  )
  await lab.console(
    'pg1',
    `ssh-keyscan -t ed25519 ${backup} >/var/lib/postgresql/.ssh/known_hosts 2>/dev/null; chown postgres: /var/lib/postgresql/.ssh/known_hosts`,
  )
  await onPrimary(`CREATE ROLE barman LOGIN REPLICATION PASSWORD 'secret-1'; GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
    GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text) TO barman;
    CREATE TABLE books (id int); INSERT INTO books VALUES (1)`)
})

test('WAL arrives, a backup is taken, everything is in order, and it can be restored', () =>
  asRoot(async (host) => {
    await runCall(
      host,
      barman_server({
        name,
        conninfo: `host=${primary} user=barman dbname=postgres`,
        streaming_conninfo: `host=${primary} user=barman`,
        archiver: true,
        path_prefix: `/usr/lib/postgresql/${version}/bin`,
      }),
    )
    await onPrimary(`ALTER SYSTEM SET archive_mode = on`)
    await onPrimary(`ALTER SYSTEM SET archive_command = 'barman-wal-archive ${backup} pg1 %p'`)
    await lab.console('pg1', `pg_ctlcluster ${version} main restart`)
    const first = await runCall(host, barman_switch_wal({ name }))
    assert.is(first.changed, true)
    assert.is((await runCall(host, barman_switch_wal({ name }))).changed, false)
    const { result } = await runCall(host, barman_backup({ name, immediate_checkpoint: true }))
    assert.is(result.status, 'DONE')
    const check = (await runCall(host, barman_check({ name }))).result
    assert.is(check.checks['continuous archiving']?.status, 'OK')
    await onPrimary('INSERT INTO books VALUES (2)')
    await runCall(host, barman_switch_wal({ name, force: true }))
    const trial = await runCall(
      host,
      barman_verify_restore({ name, version, query: 'SELECT max(id) AS id FROM books' }),
    )
    assert.equal(trial.result.rows, [{ id: 2 }])
  }))

test.after(() => lab.down())
test.run()
