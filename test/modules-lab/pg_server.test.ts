import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import type { Host } from '../../lib/host/host.ts'
import { Unreadable } from '../../lib/host/unreadable.ts'
import { Secret } from '../../lib/secret.ts'
import * as modules from '../../modules/index.ts'
import { failure, meddle, pgLab, proveOnce, settled } from './pg_lab.ts'
import { folderOfRoot } from './planted-links.ts'
import { prove, runCall } from '../../lib/testing/index.ts'

const {
  pg_cluster,
  pg_conf,
  pg_db,
  pg_ext,
  pg_hba,
  pg_info,
  pg_membership,
  pg_ping,
  pg_privs,
  pg_query,
  pg_slot,
  pg_user,
} = modules

const { lab, version, on } = await pgLab('m-pg-server', ['h1'])
const test = suite('pg modules on a server')
test.after(() => lab.down())
const onHost = (name: string, work: (host: Host) => Promise<unknown>) =>
  test(name, () => on('h1', async (host) => void (await work(host))))
const folder = `/etc/postgresql/${version}/main`
const sql = (host: Host, query: string) => host.postgres({}).execute(query)

onHost('without a server: pg_ping says so, others are unreadable, and nothing is judged by guess', async (host) => {
  const ping = await runCall(host, pg_ping({}))
  assert.is(ping.result.is_available, false)
  assert.match(ping.result.conn_err_msg, /No such file or directory/)
  for (const call of [
    pg_user({ name: 'x' }),
    pg_db({ name: 'x' }),
    pg_slot({ name: 'x' }),
    pg_query({ query: 'SELECT 1' }),
  ])
    try {
      await runCall(host, call as never)
      assert.unreachable('it should have failed')
    } catch (error) {
      assert.ok(error instanceof Unreadable, String(error))
      assert.is(error.what, 'database')
    }
  assert.match(await failure(runCall(host, pg_conf({ version, settings: { work_mem: '1MB' } }))), /there is no cluster/)
})

onHost('pg_cluster: a cluster is made without being started, then started, stopped; never over data', async (host) => {
  const call = pg_cluster({ version, data_checksums: true, locale: 'C.UTF-8' })
  const { result } = await proveOnce(host, call)
  assert.equal([result.port, result.running, result.unit], [5432, false, `postgresql@${version}-main`])
  assert.match(await meddle(host, 'pg_lsclusters -h'), /main +5432 down postgres/)
  await meddle(host, `mkdir -p /srv/x && touch /srv/x/y`)
  assert.match(
    await failure(runCall(host, pg_cluster({ version, name: 'other', data_directory: '/srv/x' }))),
    /is no cluster/,
  )
  await meddle(host, `mv ${folder} /srv/conf`)
  assert.match(await failure(runCall(host, call)), /that no configuration .* knows/)
  await meddle(host, `mv /srv/conf ${folder}; mv /var/lib/postgresql/${version}/main /srv/data`)
  assert.match(await failure(runCall(host, call)), /its data in .* is gone/)
  await meddle(host, `mv /srv/data /var/lib/postgresql/${version}/main`)
  await settled(host, call)
})

onHost('pg_cluster: what a run left that was cut off is made whole', async (host) => {
  const data = `/var/lib/postgresql/${version}/torn`
  await meddle(
    host,
    `install -d -o postgres -g postgres ${data}; echo ${version} >${data}/PG_VERSION; touch ${data}.hostwright-new`,
  )
  await proveOnce(host, pg_cluster({ version, name: 'torn', port: 5499, start_conf: 'manual' }))
  assert.match(await meddle(host, 'pg_lsclusters -h'), /torn +5499 down/)
  await proveOnce(host, pg_cluster({ version, name: 'torn', port: 5498 }))
  assert.is((await runCall(host, pg_cluster({ version, name: 'torn', state: 'absent', force: true }))).changed, true)
  await settled(host, pg_cluster({ version, name: 'torn', state: 'absent', force: true }))
})

onHost(
  'pg_cluster: data in a folder of root, and in an empty directory of root, as a new file system is',
  async (host) => {
    await meddle(host, 'mkdir -p -m 755 /srv/clusters/mounted')
    for (const name of ['inside', 'mounted']) {
      const call = { version, name, data_directory: `/srv/clusters/${name}` }
      await proveOnce(host, pg_cluster(call))
      assert.match(await meddle(host, `stat -c %U:%a /srv/clusters ${call.data_directory}`), /^root:755\npostgres:700$/)
      assert.is((await runCall(host, pg_cluster({ ...call, state: 'absent', force: true }))).changed, true)
    }
    assert.is(await meddle(host, 'ls /srv/clusters'), '')
  },
)

onHost('pg_cluster: what postgres links to from its cluster stays when that is removed', async (host) => {
  const call = { version, name: 'linked', state: 'started' as const, start_conf: 'manual' as const }
  await runCall(host, pg_cluster(call))
  const look = await folderOfRoot(host)
  const before = await look()
  const [config, data] = [`/etc/postgresql/${version}/linked`, `/var/lib/postgresql/${version}/linked`]
  await meddle(host, `ln -sfn /srv/roots/file ${config}/log; ln -s /srv/roots ${data}/pg_tblspc/1`, 'postgres')
  assert.is((await runCall(host, pg_cluster({ ...call, state: 'absent', force: true }))).changed, true)
  assert.is(await look(), before)
  assert.is(await meddle(host, `ls -d ${config} ${data} 2>/dev/null; pg_lsclusters -h | grep linked || :`), '')
})

onHost('pg_conf before the first start: files alone are judged', async (host) => {
  const call = pg_conf({ version, settings: { wal_level: 'logical', max_wal_senders: 8, listen_addresses: '*' } })
  const { result } = await prove(host, call)
  assert.equal([result.reloaded, result.restart_required], [false, false])
  await meddle(host, `echo 'max_wal_senders = 3' >>/var/lib/postgresql/${version}/main/postgresql.auto.conf`)
  assert.is((await runCall(host, call)).changed, true)
  await settled(host, call)
  await runCall(host, pg_cluster({ version, state: 'started' }))
  const again = await settled(host, call)
  assert.is(again.restart_required, false)
  assert.equal(await sql(host, 'SHOW max_wal_senders'), [{ max_wal_senders: '8' }])
})

onHost(
  'pg_conf: drifts in the file, by ALTER SYSTEM, by a later file are mended, and values are compared as the server does',
  async (host) => {
    const call = pg_conf({
      version,
      settings: { work_mem: '16MB', log_min_duration_statement: '2s', wal_buffers: -1, track_io_timing: 'yes' },
    })
    await prove(host, call)
    await settled(
      host,
      pg_conf({ version, settings: { work_mem: 16384, log_min_duration_statement: 2000, track_io_timing: true } }),
    )
    const drifts = [
      `sed -i 's/^work_mem.*/work_mem = 5MB/' ${folder}/conf.d/hostwright.conf`,
      `runuser -u postgres -- psql -qc "ALTER SYSTEM SET work_mem = '9MB'"`,
      `runuser -u postgres -- psql -qc "ALTER SYSTEM SET work_mem = '9MB'" -c 'SELECT pg_reload_conf()'`,
      `echo "work_mem = '3MB'" >${folder}/conf.d/zz.conf`,
    ]
    for (const drift of drifts) {
      await meddle(host, drift)
      const done = await runCall(host, call)
      assert.is(done.changed, true, drift)
      await settled(host, call)
      assert.equal(
        await sql(host, `SELECT setting FROM pg_settings WHERE name = 'work_mem'`),
        [{ setting: '16384' }],
        drift,
      )
    }
  },
)

onHost('pg_conf: a reload and a restart that a killed run still owes are seen in the server', async (host) => {
  const call = pg_conf({ version, settings: { work_mem: '16MB', max_connections: 77, log_line_prefix: '%m %q' } })
  const unread = { ...call, params: { ...(call.params as object), reload: false } } as typeof call
  assert.is((await runCall(host, unread)).result.reloaded, false)
  const done = await runCall(host, call)
  assert.equal([done.changed, done.result.reloaded, done.result.restart_required], [true, true, true])
  const owed = await settled(host, call)
  assert.equal(owed.pending_restart, ['max_connections'])
  await meddle(host, `pg_ctlcluster ${version} main restart`)
  assert.is((await settled(host, call)).restart_required, false)
})

onHost('pg_conf: what the server would not take is refused before, or put back after', async (host) => {
  const before = await meddle(host, `cat ${folder}/conf.d/hostwright.conf`)
  assert.match(
    await failure(
      runCall(host, pg_conf({ version, settings: { wrok_mem: 1, wal_level: 'logcal', max_connections: -4 } })),
    ),
    /no setting wrok_mem — did you mean "work_mem"[\s\S]*wal_level must be one of[\s\S]*between 1 and/,
  )
  assert.match(
    await failure(runCall(host, pg_conf({ version, settings: { log_timezone: 'No/Where' } }))),
    /refuses its configuration/,
  )
  assert.is(await meddle(host, `cat ${folder}/conf.d/hostwright.conf`), before)
})

onHost('pg_conf: ALTER SYSTEM sets and resets', async (host) => {
  await prove(
    host,
    pg_conf({ method: 'alter_system', settings: { maintenance_work_mem: '99MB', search_path: 'a, b' } }),
  )
  await prove(host, pg_conf({ method: 'alter_system', settings: { maintenance_work_mem: null, search_path: null } }))
})

onHost('pg_hba: a rule added, changed, removed; comments stay', async (host) => {
  const rule = {
    version,
    contype: 'host',
    databases: 'all',
    users: 'app',
    address: '10.0.0.0/8',
    method: 'scram-sha-256',
  } as const
  await prove(host, pg_hba(rule))
  await settled(host, pg_hba({ ...rule, address: '10.1.2.3', netmask: '255.0.0.0' }))
  await prove(host, pg_hba({ ...rule, method: 'reject', comment: 'not now' }))
  await meddle(host, `sed -i '/app/d' ${folder}/pg_hba.conf`)
  await prove(host, pg_hba(rule))
  await prove(host, pg_hba({ ...rule, state: 'absent' }))
  assert.match(await meddle(host, `cat ${folder}/pg_hba.conf`), /# PostgreSQL Client Authentication Configuration File/)
})

onHost(
  'pg_hba with overwrite: an extra trust line on top, a removed line and a reload owed are noticed',
  async (host) => {
    const rules = [
      { type: 'local', databases: 'all', users: 'postgres', method: 'peer' },
      { type: 'local', databases: 'all', users: 'all', method: 'peer' },
      { type: 'local', databases: 'replication', users: 'postgres', method: 'peer' },
      { type: 'host', databases: 'all', users: 'all', address: '0.0.0.0/0', method: 'scram-sha-256' },
      { type: 'host', databases: 'replication', users: 'all', address: '0.0.0.0/0', method: 'scram-sha-256' },
    ]
    const call = pg_hba({ version, overwrite: true, rules })
    await prove(host, call)
    for (const drift of [
      `sed -i '1i host all all 0.0.0.0/0 trust' ${folder}/pg_hba.conf`,
      `sed -i '/scram/d' ${folder}/pg_hba.conf`,
    ]) {
      await meddle(host, drift)
      const { changed, result } = await runCall(host, call)
      assert.equal([changed, result.reloaded], [true, true])
      await settled(host, call)
      assert.equal(await sql(host, 'SELECT count(*) FROM pg_hba_file_rules'), [{ count: 5 }])
    }
    await meddle(host, `cp -p ${folder}/pg_hba.conf /tmp/hba; sleep 0.1; mv /tmp/hba ${folder}/pg_hba.conf`)
    assert.is(
      (await runCall(host, call)).result.reloaded,
      true,
      'put back, not read: as after a kill between write and reload',
    )
    await settled(host, call)
    assert.match(
      await failure(runCall(host, pg_hba({ version, overwrite: true, rules: rules.slice(3) }))),
      /would lock out postgres/,
    )
    assert.match(
      await failure(runCall(host, pg_hba({ version, contype: 'host', address: '10.0.0.0/99', method: 'md5' }))),
      /"address"/,
    )
    assert.match(
      await failure(runCall(host, pg_hba({ version, contype: 'host', address: '10.0.0.0/8', method: 'radius' }))),
      /refuses .*line/,
    )
    await settled(host, call)
  },
)

onHost('pg_user: role, attributes, password by SCRAM; nothing of it in the log', async (host) => {
  await sql(host, `ALTER SYSTEM SET log_statement = 'all'`)
  await host.postgres({}).reload()
  // By a connection of its own: one that is kept would not notice.
  const login = (password: string) =>
    on('h1', (fresh) =>
      runCall(fresh, pg_ping({ login_user: 'alice', login_password: password, login_host: '127.0.0.1' })),
    )
  const call = (password: string) =>
    pg_user({ name: 'alice', password, role_attr_flags: 'CREATEDB,NOSUPERUSER', conn_limit: 5, comment: 'a "test"' })
  const done = await prove(host, call('pässword one'))
  assert.not.match(JSON.stringify(done), /SCRAM-SHA-256\$4096|pässword/)
  assert.is((await login('pässword one')).result.is_available, true, 'the server takes the password')
  await sql(host, `ALTER ROLE alice PASSWORD 'drifted away'`)
  assert.is((await login('pässword one')).result.is_available, false)
  await prove(host, call('pässword one'))
  await prove(host, call('pässword two'))
  await sql(host, `SET password_encryption = 'md5'; ALTER ROLE alice PASSWORD 'by md5'; RESET password_encryption`)
  await settled(host, call('by md5'))
  await prove(
    host,
    pg_user({ name: 'alice', expires: '2030-01-01 00:00+00', configuration: { work_mem: '3MB', search_path: 'a, b' } }),
  )
  await prove(
    host,
    pg_user({ name: 'alice', expires: 'infinity', password: '', reset_unspecified_configuration: true }),
  )
  await settled(host, pg_user({ name: 'alice', password: 'another', no_password_changes: true }))
  await sql(host, `ALTER SYSTEM RESET log_statement`)
  await host.postgres({}).reload()
  assert.not.match(await meddle(host, `cat /var/log/postgresql/postgresql-${version}-main.log`), /pässword/)
})

onHost('pg_db, pg_ext: made, changed in place, refused where that cannot be, removed', async (host) => {
  await prove(host, pg_db({ name: 'lib "x"', owner: 'alice', conn_limit: 9, comment: 'books' }))
  await prove(host, pg_db({ name: 'lib "x"', owner: 'postgres', conn_limit: -1, comment: '' }))
  await settled(host, pg_db({ name: 'lib "x"', encoding: 'utf-8' }))
  assert.match(
    await failure(runCall(host, pg_db({ name: 'lib "x"', encoding: 'LATIN1' }))),
    /has encoding UTF8, not LATIN1; that cannot be changed/,
  )
  await prove(host, pg_ext({ name: 'hstore', db: 'lib "x"' })).catch(async (error: unknown) => {
    assert.match(String(error), /offers no extension/)
  })
  await prove(host, pg_ext({ name: 'plpgsql', state: 'absent', db: 'lib "x"' }))
  await prove(host, pg_db({ name: 'lib "x"', state: 'absent', force: true }))
})

onHost('pg_membership, pg_privs: what barman needs, granted and taken back', async (host) => {
  await prove(host, pg_user({ name: 'barman', role_attr_flags: 'REPLICATION', groups: ['pg_read_all_stats'] }))
  const groups = ['pg_read_all_settings', 'pg_read_all_stats', 'pg_checkpoint']
  await prove(host, pg_membership({ groups, target_roles: 'barman' }))
  await prove(host, pg_membership({ groups: groups.slice(1), target_roles: ['barman'], state: 'exact' }))
  await prove(host, pg_membership({ groups: 'pg_checkpoint', target_roles: 'barman', admin_option: true }))
  await prove(host, pg_membership({ groups: 'pg_checkpoint', target_roles: 'barman', state: 'absent' }))
  const example = pg_privs.definition.examples[0]
  assert.ok(example)
  await prove(host, pg_privs(example.params))
  await prove(host, pg_privs({ ...example.params, state: 'absent' }))
  await sql(host, 'CREATE TABLE "odd ""name" (a int); CREATE SCHEMA deep; CREATE SEQUENCE deep.s')
  await prove(
    host,
    pg_privs({ objs: ['odd "name'], privs: 'SELECT,insert', roles: ['barman', 'PUBLIC'], grant_option: undefined }),
  )
  await prove(host, pg_privs({ objs: ['odd "name'], privs: 'SELECT', roles: 'barman', grant_option: true }))
  await prove(host, pg_privs({ objs: ['odd "name'], privs: 'SELECT', roles: 'barman', grant_option: false }))
  await prove(
    host,
    pg_privs({ type: 'sequence', objs: 'ALL_IN_SCHEMA', schema: 'deep', privs: 'ALL', roles: 'barman' }),
  )
  await prove(host, pg_privs({ type: 'schema', objs: 'deep', privs: 'USAGE', roles: 'barman' }))
  await prove(host, pg_privs({ type: 'database', privs: 'CONNECT,TEMP', roles: 'barman' }))
  assert.match(
    await failure(runCall(host, pg_privs({ objs: ['odd "name'], privs: 'SELEKT', roles: 'barman' }))),
    /no privilege "SELEKT".*did you mean "SELECT"/,
  )
})

onHost(
  'pg_slot: made, dropped behind our back and made again, mended when lost, never taken from who uses it',
  async (host) => {
    const call = pg_slot({ name: 'one', immediately_reserve: true })
    await prove(host, call)
    await sql(host, `SELECT pg_drop_replication_slot('one')`)
    await prove(host, call)
    await prove(host, pg_slot({ name: 'two' }))
    await prove(host, pg_slot({ name: 'two', immediately_reserve: true }))
    await prove(host, pg_slot({ name: 'feed', slot_type: 'logical', output_plugin: 'pgoutput' }))
    await prove(host, pg_slot({ name: 'feed', state: 'absent' }))
    await sql(host, `ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'`)
    await host.postgres({}).reload()
    for (let i = 0; i < 4; i++) await sql(host, `SELECT pg_switch_wal(), pg_logical_emit_message(false, 'x', 'y')`)
    await sql(host, 'CHECKPOINT')
    const lost = await runCall(host, call)
    assert.equal([lost.changed, (lost.diff[0]?.before as { wal_status: string }).wal_status], [true, 'lost'])
    await settled(host, call)
    await sql(host, 'ALTER SYSTEM RESET max_slot_wal_keep_size')
    await host.postgres({}).reload()
    await meddle(
      host,
      `cd /; runuser -u postgres -- sh -c 'pg_receivewal -D /tmp -S one >/dev/null 2>&1 & echo $! >/tmp/receiver'; sleep 1`,
    )
    assert.match(
      await failure(runCall(host, pg_slot({ name: 'one', state: 'absent' }))),
      /process \d+ of the server streams from it/,
    )
    await meddle(host, 'kill $(cat /tmp/receiver); sleep 0.5')
    await prove(host, pg_slot({ name: 'one', state: 'absent' }))
    await runCall(host, pg_slot({ name: 'two', state: 'absent' }))
  },
)

onHost('pg_query: what reads changes nothing, what changes is not run by a prediction', async (host) => {
  const { result } = await runCall(
    host,
    pg_query({ query: `SELECT %s::int8 AS n, '%s' AS t, ARRAY[1,2] AS a, '{"k":1}'::json AS j`, positional_args: [5] }),
  )
  assert.equal(result.rows, [{ n: 5, t: '%s', a: [1, 2], j: { k: 1 } }])
  const named = await runCall(
    host,
    pg_query({ query: 'SELECT %(a)s::text AS x, %(a)s::text AS y', named_args: { a: `'; DROP` } }),
  )
  assert.equal(named.result.rows, [{ x: `'; DROP`, y: `'; DROP` }])
  const create = await runCall(host, pg_query({ query: 'CREATE TABLE made (a int); INSERT INTO made VALUES (1), (2)' }))
  assert.equal([create.changed, create.result.statusmessage], [true, 'INSERT 0 2'])
  const hidden = await runCall(
    host,
    pg_query({ query: 'WITH gone AS (DELETE FROM made RETURNING a) SELECT * FROM gone ORDER BY a' }),
  )
  assert.equal([hidden.changed, hidden.result.rowcount], [true, 2])
  assert.is((await runCall(host, pg_query({ query: 'VACUUM made' }))).changed, true)
  try {
    await runCall(host, pg_query({ query: 'SELECT no_such_column FROM made' }))
    assert.unreachable()
  } catch (error) {
    assert.equal((error as { data: Record<string, unknown> }).data['code'], '42703')
  }
})

onHost('pg_info tells of everything; a restart between two tasks goes unnoticed', async (host) => {
  const { result } = await runCall(host, pg_info({}))
  assert.is(result.in_recovery, false)
  assert.is(String(result.version?.major), version)
  assert.ok(result.roles?.['barman'] !== undefined && result.settings?.['work_mem'] !== undefined)
  await meddle(host, `pg_ctlcluster ${version} main restart -m fast`)
  assert.equal((await runCall(host, pg_query({ query: 'SELECT 1 AS one' }))).result.rows, [{ one: 1 }])
  await meddle(host, `pg_ctlcluster ${version} main restart -m immediate`)
  assert.is((await runCall(host, pg_user({ name: 'alice', conn_limit: 6 }))).changed, true)
})

onHost('hostile names and values are data', async (host) => {
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .map((s) => `${s}'"\\;--$1`.replace(/[\0\p{Surrogate}]/gu, ''))
  const property = fc.asyncProperty(text, text, async (name, value) => {
    if (Buffer.byteLength(name) > 63 || /^pg_/.test(name)) return
    await runCall(host, pg_user({ name, comment: value, password: new Secret(`${value}x`) }))
    const [row] = await host
      .postgres({})
      .query(`SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = $1`, [name])
    assert.equal(row, { comment: value })
    await settled(host, pg_user({ name, comment: value, password: new Secret(`${value}x`) }))
    await runCall(host, pg_db({ name, owner: name, comment: value }))
    await settled(host, pg_db({ name, owner: name, comment: value }))
    await runCall(host, pg_db({ name, state: 'absent' }))
    await runCall(host, pg_user({ name, state: 'absent' }))
  })
  await fc.assert(property, { numRuns: 12 })
})

test.run()
