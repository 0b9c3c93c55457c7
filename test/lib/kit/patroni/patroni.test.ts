import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { serialOf, zoneText } from '../../../../lib/kit/bind/zone.ts'
import { parseEtcd, reasonOf } from '../../../../lib/kit/etcd/cluster.ts'
import { parseStats } from '../../../../lib/kit/haproxy/stats.ts'
import { objectIn, parseCluster, rootOf, showMembers } from '../../../../lib/kit/patroni/cluster.ts'
import { reasonIn } from '../../../../lib/kit/patroni/journal.ts'
import { configLines, patched } from '../../../../lib/kit/patroni/patch.ts'
import { adviceFor } from '../../../../lib/kit/patroni/ready.ts'
import { restartOrder } from '../../../../lib/kit/patroni/rolling.ts'
import { streamsFrom } from '../../../../lib/kit/patroni/streaming.ts'
import { inOrder, listed } from '../../../../playbooks/roles/patroni-list.ts'

/** Patroni 4.0.7: a leader, a replica that streams, one that is being cloned and waits for a restart. */
const clusterNow = `{"members": [{"name": "pg01", "role": "leader", "state": "running", "api_url": "http://10.77.0.12:8008/patroni", "host": "10.77.0.12", "port": 5432, "timeline": 1},
 {"name": "pg02", "role": "replica", "state": "streaming", "api_url": "http://10.77.0.13:8008/patroni", "host": "10.77.0.13", "port": 5432, "timeline": 1, "lag": 528},
 {"name": "pg03", "role": "replica", "state": "creating replica", "api_url": "http://10.77.0.14:8008/patroni", "host": "10.77.0.14", "port": 5432, "lag": "unknown", "pending_restart": true}], "scope": "otus"}`
const cluster = parseCluster(objectIn({ body: clusterNow }) ?? {})

test('the cluster is read, whatever the release calls its leader', () => {
  assert.is(cluster.leader, 'pg01')
  assert.equal(
    cluster.members.map(({ lag, pending_restart }) => [lag, pending_restart]),
    [
      [null, false],
      [528, false],
      [null, true],
    ],
  )
  assert.is(showMembers(cluster), 'pg01 leader running, pg02 streaming (528 bytes behind), pg03 creating replica')
  for (const role of ['master', 'primary', 'leader'])
    assert.is(parseCluster({ members: [{ name: 'a', role, state: 'running' }] }).leader, 'a')
  assert.is(parseCluster({}).leader, '')
  assert.is(cluster.members.map(rootOf)[0], 'http://10.77.0.12:8008')
  assert.is(objectIn({ body: '<html>' }), undefined)
})

test('the leader is restarted last', () => {
  assert.equal(
    restartOrder(cluster.members).map(({ name }) => name),
    ['pg02', 'pg03', 'pg01'],
  )
})

test('a replica counts as streaming by its leader’s words only', () => {
  const leader = {
    replication: [
      { application_name: 'pg02', state: 'streaming' },
      { application_name: 'pg03', state: 'startup' },
    ],
  }
  assert.equal(
    ['pg02', 'pg03', 'pg04'].map((name) => streamsFrom(leader, name)),
    [true, false, false],
  )
  assert.is(streamsFrom(undefined, 'pg02'), false)
})

test('the journal gives the cause, not what follows from it', () => {
  const journal = `2026-11-20 12:40:01,100 INFO: trying to bootstrap from leader 'pg01'
pg_basebackup: error: connection to server at "10.77.0.12", port 5432 failed: FATAL:  password authentication failed for user "replicator"
2026-11-20 12:40:01,300 ERROR: Error when fetching backup: pg_basebackup exited with code=1
2026-11-20 12:40:01,300 WARNING: Trying again in 5 seconds`
  assert.is(reasonIn(journal), 'password authentication failed for user "replicator"')
  assert.match(adviceFor(reasonIn(journal) ?? ''), /replication_password/)
  const etcd = `2026-11-20 12:41:00,000 ERROR: Failed to get list of machines from http://10.77.0.11:2379/v3: <Connection refused>
2026-11-20 12:41:00,000 INFO: waiting on etcd`
  assert.match(reasonIn(etcd) ?? '', /^Failed to get list of machines from http:\/\/10\.77\.0\.11:2379/)
  assert.is(reasonIn('INFO: no action. I am (pg01), the leader with the lock'), undefined)
  assert.is(reasonIn('FATAL:  the database system is starting up'), undefined)
})

const tree = fc.letrec((tie) => ({
  value: fc.oneof(fc.integer(), fc.boolean(), fc.string(), tie('tree')),
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
})).tree as fc.Arbitrary<Record<string, unknown>>

test('a patched configuration needs no second patch, and an empty patch none at all', () => {
  fc.assert(
    fc.property(tree, tree, (now, patch) => {
      const once = patched(now, patch)
      assert.equal(patched(once, patch), once)
      assert.equal(patched(now, {}), now)
    }),
  )
})

test('values are compared as Patroni passes them on; null takes away', () => {
  const now = { ttl: 30, postgresql: { parameters: { max_connections: '100', work_mem: '4MB' } } }
  assert.equal(patched(now, { postgresql: { parameters: { max_connections: 100 } } }), now)
  assert.equal(patched(now, { ttl: null, postgresql: { parameters: { work_mem: null } } }), {
    postgresql: { parameters: { max_connections: '100' } },
  })
  assert.is(
    configLines(now),
    'postgresql.parameters.max_connections: "100"\npostgresql.parameters.work_mem: "4MB"\nttl: 30\n',
  )
})

test('etcd’s gateway is read with numbers that JavaScript cannot hold', () => {
  const members = JSON.parse(
    '{"members":[{"ID":"1056719571725843034","name":"ns","peerURLs":["http://10.77.0.11:2380"],"clientURLs":["http://10.77.0.11:2379"]}]}',
  ) as Record<string, unknown>
  const found = parseEtcd(members, { version: '3.5.16', leader: '1056719571725843034' })
  assert.equal([found.leader, found.version, found.members[0]?.id], ['ns', '3.5.16', 'eaa38da0bebfa5a'])
  assert.is(
    reasonOf(
      ['http://a:2379', 'http://b:2379'],
      [
        { status: 0, body: '[Errno 111] Connection refused' },
        { status: 503, body: '{"health":"false","reason":"RAFT NO LEADER"}' },
      ],
    ),
    'http://a:2379: [Errno 111] Connection refused; http://b:2379: RAFT NO LEADER',
  )
})

test('HAProxy’s statistics are read by the names of their columns', () => {
  const { leader } = parseStats(
    '# pxname,svname,scur,status,check_status\nleader,FRONTEND,0,OPEN,\nleader,pg01,2,UP,L7OK\nleader,pg02,0,DOWN,L7STS\nleader,pg03,0,UP 1/3,L7STS\nleader,BACKEND,0,UP,\n',
  )
  assert.equal(leader?.up, ['pg01', 'pg03'])
  assert.equal(leader?.servers['pg01'], { status: 'UP', up: true, check_status: 'L7OK', sessions: 2 })
})

test('a zone keeps its serial where it can be read again', () => {
  const zone = { name: 'db.internal', name_server: 'ns.db.internal.', contact: 'hostmaster', ttl: 300, records: [] }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffffffff }), (serial) => serialOf(zoneText(zone, serial)) === serial),
  )
  assert.is(serialOf('; a file by somebody else\n'), undefined)
})

// To look from each empty line as far as the last would take hours.
test('a zone file of a million empty lines does not hold up the run', () => {
  assert.is(serialOf(`${'\n'.repeat(1_000_000)}  7 ; serial\n`), 7)
})

test('patronictl’s list is in order only with one leader and no lag', () => {
  const lines = (lag: number, role = 'Replica') =>
    listed(
      JSON.stringify([
        { Member: 'pg01', Role: 'Leader', State: 'running' },
        { Member: 'pg02', Role: role, State: 'streaming', 'Lag in MB': lag },
      ]),
    )
  assert.equal(
    [inOrder(lines(0), 2), inOrder(lines(1), 2), inOrder(lines(0, 'Leader'), 2), inOrder(lines(0), 3)],
    [true, false, false, false],
  )
  assert.is(inOrder(listed('patronictl: error'), 1), false)
})

test.run()
