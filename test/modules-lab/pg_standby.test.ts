import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import * as modules from '../../modules/index.ts'
import { slowClone } from './clone-until-killed.ts'
import { failure, meddle, pgLab, proveOnce, settled } from './pg_lab.ts'
import { folderOfRoot, plantedLinks, swept, whilePlanting } from './planted-links.ts'
import { runCall } from '../../lib/testing/index.ts'

const { pg_basebackup, pg_cluster, pg_conf, pg_hba, pg_promote, pg_query, pg_slot, pg_user } = modules

const id = 'm-pg-standby'
const { lab, version, on } = await pgLab(id, ['h1', 'h2'])
const test = suite('pg_basebackup and pg_promote')
test.after(() => lab.down())
const onStandby = (name: string, work: (host: Host) => Promise<unknown>) =>
  test(name, () => on('h2', async (host) => void (await work(host))))

const primary = lab.address('h1')
const cloneUntilKilled = fileURLToPath(new URL('./clone-until-killed.ts', import.meta.url))
const data = `/var/lib/postgresql/${version}/main`
const config = `/etc/postgresql/${version}/main`
const clone = pg_basebackup({ version, host: primary, user: 'replicator', password: 'it: is\\ a secret', slot: 'h2' })
const unit = `postgresql@${version}-main`

test('the primary', () =>
  on('h1', async (host) => {
    await runCall(host, pg_cluster({ version }))
    await runCall(host, pg_conf({ version, settings: { listen_addresses: '*', wal_level: 'replica' } }))
    await runCall(
      host,
      pg_hba({
        version,
        contype: 'host',
        databases: 'replication',
        users: 'replicator',
        address: '10.0.0.0/8',
        method: 'scram-sha-256',
      }),
    )
    await runCall(host, pg_cluster({ version, state: 'started' }))
    await runCall(host, pg_user({ name: 'replicator', password: 'it: is\\ a secret', role_attr_flags: 'REPLICATION' }))
  }))

/** Until pg_basebackup has begun to copy. */
async function copying(host: Host): Promise<void> {
  const seen = () => meddle(host, `[ -e ${data}.hostwright-clone/base ] && echo yes || echo no`)
  for (let i = 0; (await seen()) === 'no'; i++) {
    assert.ok(i < 100, 'nothing is being cloned')
    await sleep(100)
  }
}

async function streams(host: Host): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const [row] = await host
      .postgres({})
      .query(`SELECT count(*) AS n FROM pg_stat_wal_receiver WHERE status = 'streaming'`)
    if (row?.['n'] === 1) return
    await sleep(100)
  }
  assert.unreachable('the standby does not stream')
}

onStandby('a clone that fails says why and leaves nothing behind; the next one succeeds', async (host) => {
  assert.match(await failure(runCall(host, clone)), /cloning .*replication slot "h2" does not exist/)
  assert.is(await meddle(host, `ls -A ${data} 2>/dev/null | wc -l`), '0')
  await on('h1', (h1) => runCall(h1, pg_slot({ name: 'h2', immediately_reserve: true })))
  const { result } = await proveOnce(host, clone)
  assert.equal([result.cloned, result.streaming], [true, false])
  assert.match(
    await meddle(host, 'pg_lsclusters -h'),
    new RegExp(`${version} +main +5432 down,recovery postgres +${data}`),
  )
  assert.is(
    await meddle(host, `ls ${config} | tr '\\n' ' '`),
    'conf.d environment pg_ctl.conf pg_hba.conf pg_ident.conf postgresql.conf start.conf',
  )
  await runCall(host, pg_conf({ version, settings: { hot_standby: true } }))
  await meddle(host, `systemctl start ${unit}`)
  await streams(host)
  assert.is((await settled(host, clone)).streaming, true)
  const shown = await meddle(
    host,
    `cat ${config}/conf.d/*.conf ${config}/postgresql.conf; ps axww -o args; stat -c %a:%U /var/lib/postgresql/${version}/.main.pgpass`,
  )
  assert.not.match(shown, /a secret/)
  assert.match(shown, /600:postgres$/)
})

onStandby('a standby whose settings or password drifted follows again', async (host) => {
  await meddle(
    host,
    `sed -i 's/host=[0-9.]*/host=10.9.9.9/' ${config}/conf.d/hostwright-standby.conf; runuser -u postgres -- psql -qc 'SELECT pg_reload_conf()' >/dev/null`,
  )
  await meddle(host, `echo x >/var/lib/postgresql/${version}/.main.pgpass`)
  await proveOnce(host, clone)
  await streams(host)
})

onStandby('its data lost while the server ran: it is cloned again, and runs', async (host) => {
  await meddle(host, `rm -rf ${data}`)
  await proveOnce(host, clone)
  await meddle(host, `systemctl start ${unit}`)
  await streams(host)
  assert.match(await meddle(host, 'pg_lsclusters -h'), /online,recovery/)
})

onStandby('a run that was killed is taken up at every step', async (host) => {
  await meddle(host, `systemctl stop ${unit}; rm -rf ${data} ${config}`)
  await meddle(
    host,
    `install -d -o postgres -g postgres -m 700 ${data}.hostwright-clone; touch ${data}.hostwright-clone/half`,
  )
  await runCall(host, clone)
  assert.is(await meddle(host, `ls -d ${data}.hostwright-clone 2>/dev/null | wc -l`), '0')
  await settled(host, clone)
  // Cloned and moved, but not yet one of Debian's clusters; then half of one.
  for (const step of [
    `rm -rf ${config}`,
    `rm ${config}/environment ${config}/start.conf; sed -i '/^data_directory/d' ${config}/postgresql.conf`,
  ]) {
    await meddle(host, step)
    await proveOnce(host, clone)
    assert.match(await meddle(host, 'pg_lsclusters -h'), /main +5432 down,recovery/)
  }
  // An earlier clone still runs on the host: it is waited for, and its work is taken.
  const inode = await meddle(host, `mv ${data} ${data}.earlier; stat -c %i ${data}.earlier`)
  await meddle(
    host,
    `(flock 9; sleep 2; mv ${data}.earlier ${data}) 9>>/var/lib/postgresql/${version}/.main.hostwright-lock >/dev/null 2>&1 & sleep 0.3`,
  )
  await runCall(host, clone)
  assert.is(await meddle(host, `stat -c %i ${data}`), inode)
  await settled(host, clone)
  await meddle(host, `systemctl start ${unit}`)
  await streams(host)
})

onStandby('a clone goes on to its end when its controller is killed, and the next run takes it', async (host) => {
  await meddle(host, `systemctl stop ${unit}; rm -rf ${data}`)
  const controller = spawn('node', ['--import', 'tsx', cloneUntilKilled, id, version, primary], { stdio: 'ignore' })
  await copying(host)
  await sleep(2000)
  controller.kill('SIGKILL')
  await once(controller, 'exit')
  await meddle(host, `touch ${data}.hostwright-clone/this-one`)
  assert.is((await runCall(host, clone)).result.cloned, true)
  await meddle(host, `rm ${data}/this-one`)
  await settled(host, clone)
})

onStandby('a clone whose script has died is ended, and made anew', async (host) => {
  await meddle(host, `rm -rf ${data}`)
  const slow = failure(runCall(host, slowClone({ version, host: primary })))
  await on('h2', async (other) => {
    await copying(other)
    await meddle(other, `kill -KILL "$(cat /var/lib/postgresql/${version}/.main.hostwright-lock)"`)
    await meddle(other, `touch ${data}.hostwright-clone/this-one`)
    await runCall(other, clone)
    assert.is(await meddle(other, `ls ${data} | grep -c this-one || :`), '0')
    await settled(other, clone)
  })
  assert.match(await slow, /cloning .* failed/)
  await meddle(host, `systemctl start ${unit}`)
  await streams(host)
})

onStandby('links that postgres puts into its own folders lead root to nothing of root', async (host) => {
  const place = { version, data, config }
  const look = await folderOfRoot(host)
  const before = await look()
  for (const [what, plant] of Object.entries(plantedLinks(place))) {
    await meddle(host, swept(place))
    await meddle(host, plant, 'postgres')
    await runCall(host, clone).catch(() => undefined)
    assert.is(await look(), before, what)
  }
  for (const made of [clone, pg_cluster({ version })]) {
    await meddle(host, swept(place))
    await whilePlanting(host, place, () => runCall<unknown>(host, made).catch(() => undefined))
    assert.is(await look(), before, 'links that are put there again and again')
  }
  await meddle(host, swept(place))
  await runCall(host, clone)
  await settled(host, clone)
  await meddle(host, `systemctl start ${unit}`)
  await streams(host)
  assert.match(await meddle(host, `stat -c %U:%G:%a /var/log/postgresql/*-main.log`), /^postgres:adm:640$/)
})

onStandby('the system of another primary is refused, and stays', async (host) => {
  await meddle(
    host,
    `systemctl stop ${unit}; pg_createcluster ${version} alien -p 5444 >/dev/null 2>&1; touch /var/lib/postgresql/${version}/alien/standby.signal`,
  )
  const alien = pg_basebackup({
    version,
    name: 'alien',
    host: primary,
    user: 'replicator',
    password: 'it: is\\ a secret',
    cluster_port: 5444,
  })
  assert.match(await failure(runCall(host, alien)), /belongs to another system/)
  assert.match(
    await failure(
      runCall(
        host,
        pg_basebackup({ version, name: 'alien', data_directory: '/etc', host: primary, user: 'replicator' }),
      ),
    ),
    /is no cluster/,
  )
  await meddle(host, `pg_dropcluster ${version} alien; systemctl start ${unit}`)
})

onStandby(
  'a standby that became a second primary is refused, its data untouched; pg_promote makes one once',
  async (host) => {
    await streams(host)
    await proveOnce(host, pg_promote({}))
    await runCall(host, pg_query({ query: 'CREATE TABLE after_promotion (a int)' }))
    assert.match(await failure(runCall(host, clone)), /has become a second primary/)
    await meddle(host, `systemctl stop ${unit}`)
    assert.match(await failure(runCall(host, clone)), /has become a second primary/)
    await meddle(host, `systemctl start ${unit}`)
    assert.is((await runCall(host, pg_query({ query: 'SELECT * FROM after_promotion' }))).result.rowcount, 0)
  },
)

test.run()
