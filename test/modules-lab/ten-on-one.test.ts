/** Ten hosts change one database host at once: what each asks for is there, and what all of them ask for is made once. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { play, type AnyPlay } from '../../lib/play/play.ts'
import { group, pg_cluster, pg_db, pg_hba, pg_query, pg_user, pkg, user } from '../../modules/index.ts'
import { runHere, type Ran } from '../lib/engine/support.ts'
import { ten, tenHosts, times } from '../support/ten-on-one.ts'
import { pgLab } from './pg_lab.ts'
import { runCall } from '../../lib/testing/index.ts'

const { lab, version, on } = await pgLab('m-ten-on-one', ['db1'])
const test = suite('ten on one')
test.before(() => on('db1', async (host) => void (await runCall(host, pg_cluster({ version, state: 'started' })))))
test.after(() => lab.down())

const run = (part: AnyPlay, check = false) => runHere([part], { ini: `${lab.inventory()}\n${tenHosts}`, check })
const hosts = { hosts: 'ten', become: true }
const toOne = { delegate_to: 'db1' }
type State = 'present' | 'absent'

const ownRules = (state: State) =>
  play('own rules', hosts).task(
    'rule',
    ({ host }) =>
      pg_hba({
        ...{ version, state, contype: 'host', databases: 'all', users: host },
        ...{ address: '192.0.2.0/24', method: 'scram-sha-256' },
      }),
    toOne,
  )

const present = play('the same', hosts)
  .task('group', () => group({ name: 'readers' }), toOne)
  .task('user', () => user({ name: 'reader', groups: 'readers' }), toOne)
  .task('role', () => pg_user({ name: 'reader', password: 'it: is\\ a secret' }), toOne)
  .task('database', () => pg_db({ name: 'library', owner: 'reader' }), toOne)
  .task('package', () => pkg({ name: 'hello' }), toOne)

const absent = play('gone', hosts)
  .task('package', () => pkg({ name: 'hello', state: 'absent' }), toOne)
  .task('database', () => pg_db({ name: 'library', state: 'absent' }), toOne)
  .task('role', () => pg_user({ name: 'reader', state: 'absent' }), toOne)
  .task('user', () => user({ name: 'reader', state: 'absent' }), toOne)
  .task('group', () => group({ name: 'readers', state: 'absent' }), toOne)

/** How many hosts came out how, by task. */
function counts({ results }: Ran): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const all: Record<string, Record<string, number>> = {}
  for (const { task, status } of results) {
    const counted = (all[task] ??= {})
    counted[status] = (counted[status] ?? 0) + 1
  }
  return all
}

const same = (outcome: Readonly<Record<string, number>>) =>
  Object.fromEntries(['group', 'user', 'role', 'database', 'package'].map((task) => [task, outcome]))

/** Checked, run, and run again: what each of the three must report. */
async function converges(part: AnyPlay, changes: object, nothing: object): Promise<void> {
  for (const [check, wanted] of [
    [true, changes],
    [false, changes],
    [false, nothing],
  ] as const) {
    const ran = await run(part, check)
    const errors = ran.results.flatMap(({ error }) => error?.message ?? [])
    assert.equal(counts(ran), wanted, [`check: ${check}`, ...errors].join('\n'))
  }
}

/** Whom the rules of the file are for, as the server itself reads them. */
const letIn = () =>
  on('db1', async (host) => {
    const query = 'SELECT u FROM pg_hba_file_rules, unnest(user_name) AS u WHERE error IS NULL ORDER BY line_number'
    return (await runCall(host, pg_query({ query }))).result.rows.map(({ u }) => u)
  })

test('a rule of its own from each of ten hosts: all are in pg_hba.conf, and all go again', async () => {
  const before = await letIn()
  for (let time = 0; time < times; time++) {
    await converges(ownRules('present'), { rule: { changed: 10 } }, { rule: { ok: 10 } })
    const added = (await letIn()).filter((name) => !before.includes(name))
    assert.equal(added.sort(), [...ten])
    await converges(ownRules('absent'), { rule: { changed: 10 } }, { rule: { ok: 10 } })
    assert.equal(await letIn(), before)
  }
})

test('the same group, user, role, database and package from ten hosts: one makes it, and nine find it', async () => {
  for (let time = 0; time < times; time++)
    for (const part of [present, absent]) await converges(part, same({ changed: 1, ok: 9 }), same({ ok: 10 }))
})

test.run()
