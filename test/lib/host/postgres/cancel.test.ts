// needs: postgresql
/** A statement that runs when a run is stopped, or when the time of its task is over, on a real server. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { Cut } from '../../../../lib/connection/wire/cut.ts'
import { openHost, type RealHost } from '../../../../lib/host/real.ts'
import type { PostgresWriter } from '../../../../lib/host/postgres/postgres.ts'
import { withServer } from '../../../support/postgres-server.ts'
import { rejected } from '../../connection/outcome.ts'

/** Sessions that sleep in the server. */
const sleepers = async (client: pg.Client) =>
  (
    await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid()`,
    )
  ).rowCount

interface Tried {
  readonly real: RealHost
  readonly client: pg.Client
  /** The server, as a task sees it that has this cut. */
  at(cut?: Cut): PostgresWriter
  asleep(count: number): Promise<void>
}

const onServer = (name: string, use: (tried: Tried) => Promise<void>) =>
  test(name, () =>
    withServer(async ({ client, socket }) => {
      const connection = await connect(connectionSettings('db1', { ansible_connection: 'local' }))
      const real = await openHost(connection)
      const at = (cut?: Cut) => real.watchedBy(() => undefined, cut).postgres({ socket })
      const asleep = async (count: number) => {
        for (let i = 0; i < 600 && (await sleepers(client)) !== count; i += 1) await sleep(50)
        assert.is(await sleepers(client), count)
      }
      try {
        await use({ real, client, at, asleep })
      } finally {
        await real.close()
        await connection.close()
      }
    }),
  )

onServer('the end of a task cancels its statement in the server, and the session goes on', async ({ at, asleep }) => {
  const cut = new Cut()
  const failed = rejected(at(cut).execute('SELECT pg_sleep(600)'))
  await asleep(1)
  assert.equal(await cut.now(), [{ is: 'ended' }])
  await asleep(0)
  assert.match((await failed).message, /canceling statement/)
  assert.match((await rejected(at(cut).query('SELECT 1'))).message, /not run/)
  assert.equal(await at().query('SELECT 1 AS one'), [{ one: 1 }])
})

onServer('the end of a run cancels all, and nothing begins any more', async ({ real, at, asleep }) => {
  const failed = [rejected(at().statement('SELECT pg_sleep(600)')), rejected(at().query('SELECT pg_sleep(601)'))]
  await asleep(1)
  assert.ok((await real.cutShort()).every(({ is }) => is === 'ended'))
  await asleep(0)
  for (const error of await Promise.all(failed)) assert.match(error.message, /canceling statement/)
  assert.match((await rejected(at().query('SELECT 1'))).message, /not run/)
})

onServer(
  'a statement in a session that others use too is not cancelled for one of them',
  async ({ at, asleep, real }) => {
    const cut = new Cut()
    const failed = [rejected(at(cut).execute('SELECT pg_sleep(600)')), rejected(at().query('SELECT pg_sleep(601)'))]
    await asleep(1)
    assert.match(JSON.stringify(await cut.now()), /its session also works for another task/)
    await asleep(1)
    await real.cutShort()
    await Promise.all(failed)
  },
)

test.run()
