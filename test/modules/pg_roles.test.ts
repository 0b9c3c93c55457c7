/** Who leads, what is on which timeline, and who may take over: the judgements that a switchover rests on. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseControlData } from '../../lib/kit/postgres/cluster/control-data.ts'
import { divergence, lsn, parseHistory } from '../../lib/kit/postgres/cluster/timeline.ts'
import {
  leaderAmong,
  parseAnswers,
  type OwnEvidence,
  type SeenServer,
} from '../../lib/kit/postgres/standby/topology.ts'
import { synchronousNames, synchronousOrder } from '../../playbooks/variables/members.ts'
import { whyNot } from '../../playbooks/roles/takeover.ts'

const seen = (name: string, role: SeenServer['role'], at = '0/0', timeline = 1): SeenServer => ({
  ...{ name, address: `10.0.0.${name.slice(-1)}`, role, lsn: at, timeline, system_identifier: '1' },
})
const all = [
  ['pg1', '10.0.0.1'],
  ['pg2', '10.0.0.2'],
] as const

test('answers are read, in whatever order they come; what does not answer is silent', () => {
  assert.equal(parseAnswers('1|\n0|74|2|0/3000148||off|\n', all), [
    { ...seen('pg1', 'primary', '0/3000148', 2), system_identifier: '74' },
    { ...seen('pg2', 'silent', '0/0', 0), system_identifier: '' },
  ])
  assert.is(parseAnswers('0|74|2|0/3000148||on|', all)[0]?.role, 'standby')
  assert.equal(
    parseAnswers('', all).map(({ role }) => role),
    ['silent', 'silent'],
  )
})

const leaders: readonly [string, readonly SeenServer[], OwnEvidence, string | undefined, string | RegExp][] = [
  ['bare hosts', [seen('pg1', 'silent'), seen('pg2', 'silent')], { is: 'none' }, undefined, 'pg1'],
  ['all others follow', [seen('pg1', 'standby'), seen('pg2', 'silent')], { is: 'none' }, undefined, 'pg2'],
  ['after a failover', [seen('pg1', 'standby'), seen('pg2', 'primary')], { is: 'none' }, undefined, 'pg2'],
  ['stopped', [seen('pg1', 'silent'), seen('pg2', 'silent')], { is: 'standby', follows: '10.0.0.2' }, undefined, 'pg2'],
  ['stopped, on itself', [seen('pg1', 'silent'), seen('pg2', 'standby')], { is: 'primary' }, undefined, 'pg1'],
  ['two', [seen('pg1', 'primary'), seen('pg2', 'primary')], { is: 'none' }, undefined, /pg1 and pg2 both take writes/],
  ['two, one preferred', [seen('pg1', 'primary'), seen('pg2', 'primary')], { is: 'none' }, 'pg2', 'pg2'],
  ['none', [seen('pg1', 'standby'), seen('pg2', 'standby')], { is: 'none' }, undefined, /no server takes writes/],
]
for (const [name, servers, own, prefer, expected] of leaders)
  test(`who leads: ${name}`, () => {
    const leader = () => leaderAmong('pg1', servers, own, 'pg1', prefer).name
    if (typeof expected === 'string') assert.is(leader(), expected)
    else assert.throws(leader, expected)
  })

test('places in the WAL compare as numbers', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (n) => {
      assert.is(lsn(`${(n >> 32n).toString(16)}/${(n & 0xffffffffn).toString(16)}`.toUpperCase()), n)
    }),
  )
})

const historyText = '1\t0/5000098\tno recovery target specified\n\n2\t0/7000000\tno recovery target specified\n'
test('a history is read as text and as bytes', () => {
  const expected = [
    { timeline: 1, at: '0/5000098' },
    { timeline: 2, at: '0/7000000' },
  ]
  assert.equal(parseHistory(historyText), expected)
  assert.equal(parseHistory(`\\x${Buffer.from(historyText).toString('hex')}\n`), expected)
  assert.equal(parseHistory(''), [])
})

const control = (state: string, timeline: number, checkpoint: string, minimum = '0/0') =>
  parseControlData(
    [
      ...[`Database cluster state:               ${state}`, `Latest checkpoint location:           ${checkpoint}`],
      ...[`Latest checkpoint's TimeLineID:       ${timeline}`, `Minimum recovery ending location:     ${minimum}`],
      ...[`Min recovery ending loc's timeline:   ${minimum === '0/0' ? 0 : timeline}`, 'max_connections setting: 100'],
    ].join('\n'),
  )
const forks: readonly [string, ReturnType<typeof control>, boolean, RegExp | undefined][] = [
  ['stopped cleanly before the fork', control('shut down', 1, '0/5000028'), false, undefined],
  ['stopped cleanly, but went on', control('shut down', 1, '0/5000098'), false, /went on to/],
  ['crashed', control('in production', 1, '0/4000000'), false, /not stopped cleanly/],
  ['a standby up to the fork', control('in archive recovery', 1, '0/4000000', '0/5000098'), true, undefined],
  ['a standby beyond it', control('in archive recovery', 1, '0/4000000', '0/5000100'), true, /went on to/],
  ['of the same timeline', control('in archive recovery', 3, '0/9000000', '0/9000000'), true, undefined],
  ['of another branch', control('shut down', 4, '0/9000000'), false, /never was on/],
]
for (const [name, data, standby, expected] of forks)
  test(`can it follow: ${name}`, () => {
    const why = divergence(data, standby, 3, parseHistory(historyText))
    if (expected === undefined) assert.is(why, undefined)
    else assert.match(why ?? '', expected)
  })

type Inventory = Parameters<typeof whyNot>[3]
const inventory = (groups: Readonly<Record<string, readonly string[]>>) =>
  ({ optionalGroup: (name: string) => (groups[name] ?? []).map((host) => ({ name: host })) }) as unknown as Inventory
const three = inventory({ primary: ['pg1'], replica: ['pg2', 'pg-3'], sync: ['pg2'], async: ['pg-3'] })
const pair = inventory({ primary: ['pg1'], replica: ['pg2'] })
const variables = { sync_method: 'FIRST', sync_count: 1 } as Parameters<typeof synchronousNames>[2]

test('whoever leads has the others in its list: the synchronous, whoever led before, the asynchronous', () => {
  assert.is(synchronousNames(three, 'pg1', variables), 'FIRST 1 (pg2, "pg-3")')
  assert.is(synchronousNames(three, 'pg2', variables), 'FIRST 1 (pg1, "pg-3")')
  assert.equal(synchronousOrder(three, 'pg-3'), ['pg2', 'pg1'])
  assert.is(synchronousNames(pair, 'pg1', variables), '')
})

const topology = (alive: boolean, ...servers: readonly SeenServer[]) => ({
  ...{ name: 'pg1', address: '10.0.0.1', alive, servers },
})
const lives = topology(true, seen('pg1', 'primary'), seen('pg2', 'standby'))
const dead = topology(false, seen('pg1', 'silent'), seen('pg2', 'standby', '0/5'), seen('pg-3', 'standby', '0/4'))
const alone = topology(false, seen('pg1', 'silent'), seen('pg2', 'standby', '0/5'), seen('pg-3', 'silent'))
const behind = topology(false, seen('pg1', 'silent'), seen('pg2', 'standby', '0/5'), seen('pg-3', 'standby', '0/6'))
const rival = topology(true, seen('pg1', 'primary'), seen('pg2', 'primary'))
const standby = { standby: true, streams: false, hears: false }
const verdicts: readonly [string, Parameters<typeof whyNot>[1], Inventory, object, RegExp | undefined][] = [
  ['a streaming standby of one that lives', lives, pair, { streams: true }, undefined],
  ['one that does not stream', lives, pair, {}, /does not stream/],
  ['of a dead one, all standbys there', dead, three, {}, undefined],
  ['of a dead one, another is ahead', behind, three, {}, /pg-3 has received more/],
  ['of a dead one, a standby is missing', alone, three, {}, /only 1 of its 2/],
  ['of a dead one that did not wait', dead, pair, {}, /did not wait/],
  ['of one that is only thought dead', dead, three, { streams: true, hears: true }, /still streams/],
  ['of one whose power was cut', dead, three, { streams: true }, undefined],
  ['done already', rival, three, { standby: false }, undefined],
  ['done already, and the other wrote on', rival, pair, { standby: false }, /takes writes too/],
]
for (const [name, servers, groups, candidate, expected] of verdicts)
  test(`may it take over: ${name}`, () => {
    const reason = whyNot('pg2', servers, { ...standby, ...candidate }, groups, 1)
    if (expected === undefined) assert.is(reason, undefined)
    else assert.match(reason ?? '', expected)
  })
test('may it take over: a name that is none', () => {
  assert.match(whyNot('pg9', lives, standby, pair, 1) ?? '', /no server pg9/)
})

test.run()
