import { setTimeout as sleep } from 'node:timers/promises'
import { HostwrightError } from '../../error.ts'
import { Cut, cutOffError } from '../../connection/wire/cut.ts'
import type { Ending } from '../../connection/wire/ending.ts'
import type { HostShell } from '../host-shell.ts'
import { showServer } from './pipe.ts'
import type { PostgresWriter, Row, ServerAddress, StatementResult } from './postgres.ts'
import { openSession, type Session } from './session.ts'
import { isEndOfSession, serverTrouble } from './trouble.ts'

/** The servers of one host; a connection is opened when first asked for and kept until close. */
export interface Servers {
  /** Statements are cancelled together with everything else that has the same `cut`. */
  at(address: ServerAddress, cut?: Cut): PostgresWriter
  /** Has all statements cancelled, and lets none begin any more. @returns what became of them. */
  cutShort(): Promise<readonly Ending[]>
  close(): Promise<void>
}

const readSeconds = 600
const changeSeconds = 24 * 3600
/** Each session takes one of the few channels of the host's connection. */
const maxSessions = 3
/** A session that was silent for longer is asked whether it lives before a change is sent down it. */
const trustMilliseconds = 500

/** A server, and what ends the statements for it. */
interface Asked extends ServerAddress {
  readonly cut?: Cut | undefined
}

/** Cancelling would hit whichever statement runs. */
const sharedSession: Ending = { is: 'unseen', what: 'a statement', why: 'its session also works for another task' }

interface Kept {
  session: Promise<Session>
  users: number
  used: number
}

/** Servers of a real host, through a pipe to their socket that runs as the address's user. */
export function remotePostgres(hostShell: HostShell): Servers {
  const kept = new Map<string, Kept>()
  const all = new Cut()

  /** Runs work in the session of this address, which is opened if need be. */
  async function inSession<T>({ cut, ...address }: Asked, work: (session: Session) => Promise<T>): Promise<T> {
    const key = keyOf(address)
    let entry = kept.get(key)
    if (entry === undefined) {
      await makeRoom(kept)
      entry = kept.get(key) ?? { session: openSession(hostShell, address), users: 0, used: 0 }
      entry.session.catch(() => kept.delete(key))
      kept.set(key, entry)
    }
    entry.users += 1
    const unwatch: ((() => void) | undefined)[] = []
    try {
      const session = await entry.session
      if (all.over || cut?.over === true) throw cutOffError(hostShell.name)
      const cancel = () => session.cancel()
      const cancelOwn = () => (entry.users === 1 ? cancel() : Promise.resolve(sharedSession))
      unwatch.push(all.watch(cancel), cut?.watch(cancelOwn))
      return await work(session)
    } finally {
      for (const off of unwatch) off?.()
      entry.users -= 1
      entry.used = Date.now()
    }
  }

  /** The session died while nobody looked (a restart between two tasks): it is opened anew, once. */
  async function alive<T>(address: Asked, sure: boolean, work: (session: Session) => Promise<T>): Promise<T> {
    const dead = await inSession(address, async (session) => {
      if (!session.alive) return true
      if (!sure || session.idle() < trustMilliseconds) return false
      return session.ask('SELECT 1', undefined, 10).then(
        () => false,
        (error: unknown) => isEndOfSession(error),
      )
    })
    if (dead) await drop(kept, keyOf(address))
    return inSession(address, work)
  }

  const reading = async <T>(address: Asked, work: (session: Session) => Promise<T>): Promise<T> => {
    try {
      return await alive(address, false, work)
    } catch (error) {
      if (!isEndOfSession(error) || error instanceof HostwrightError) throw error
      await drop(kept, keyOf(address))
      return inSession(address, work)
    }
  }

  const told = async <T>(work: Promise<T>, statement?: string): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw serverTrouble(hostShell.name, error, statement)
    }
  }

  const statement = (address: Asked, sql: string, values?: readonly unknown[]): Promise<StatementResult> =>
    told(
      alive(address, true, (session) => session.ask(sql, values, changeSeconds)),
      sql,
    )

  const writer = (address: Asked): PostgresWriter => ({
    server: showServer(address),
    version: () => told(reading(address, (session) => session.version())),
    query: async <R extends Row>(sql: string, values?: readonly unknown[]) => {
      const { rows } = await told(
        reading(address, (session) => readOnly(session, sql, values)),
        sql,
      )
      return rows as readonly R[]
    },
    loadTime: () => told(reading(address, loadTime)),
    promised: () => false,
    reload: () => told(alive(address, true, (session) => reload(hostShell.name, session))),
    outcome: (sql, values) =>
      told(
        reading(address, (session) => readOnly(session, sql, values)),
        sql,
      ),
    statement: (sql, values) => statement(address, sql, values),
    execute: async <R extends Row>(sql: string, values?: readonly unknown[]) => {
      const { rows } = await told(
        alive(address, true, (session) => committedHere(session, sql, values)),
        sql,
      )
      return rows as readonly R[]
    },
    transaction: async (statements) => {
      const texts = statements.map(({ sql }) => sql).join(';\n')
      await told(
        alive(address, true, (session) => inTransaction(session, statements)),
        texts,
      )
    },
  })
  return {
    at: (address, cut) => writer({ ...address, cut }),
    cutShort: () => all.now(),
    close: async () => {
      await Promise.all([...kept.keys()].map((key) => drop(kept, key)))
    },
  }
}

/** Three messages sent at once: one round trip. A statement that would change something is refused by the server. */
async function readOnly(
  session: Session,
  sql: string,
  values: readonly unknown[] | undefined,
): Promise<StatementResult> {
  const [, answer] = await allOf([
    session.ask('BEGIN READ ONLY', undefined, readSeconds),
    session.ask(sql, values, readSeconds, 'extended'),
    session.ask('COMMIT', undefined, readSeconds),
  ])
  return answer as StatementResult
}

/**
 * What the server is to have is not held up by a synchronous standby that is away, or not there yet: the commit waits for this server alone.
 */
async function committedHere(
  session: Session,
  sql: string,
  values: readonly unknown[] | undefined,
): Promise<StatementResult> {
  const [, answer] = await allOf([
    session.ask('SET synchronous_commit TO local', undefined, changeSeconds),
    session.ask(sql, values, changeSeconds),
    session.ask('RESET synchronous_commit', undefined, changeSeconds),
  ])
  return answer as StatementResult
}

/** Sent at once too; after a failure the server passes over the rest, and the COMMIT rolls back. */
async function inTransaction(
  session: Session,
  statements: readonly { readonly sql: string; readonly values?: readonly unknown[] }[],
): Promise<void> {
  await allOf([
    session.ask('BEGIN', undefined, changeSeconds),
    session.ask('SET LOCAL synchronous_commit TO local', undefined, changeSeconds),
    ...statements.map(({ sql, values }) => session.ask(sql, values, changeSeconds, 'extended')),
    session.ask('COMMIT', undefined, changeSeconds),
  ])
}

/** Waits for all, then throws the first failure in the order they were sent. */
async function allOf<T>(asked: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(asked)
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

async function loadTime(session: Session): Promise<number> {
  const { rows } = await session.ask(
    'SELECT extract(epoch FROM pg_conf_load_time())::float8 AS loaded',
    undefined,
    readSeconds,
  )
  return Number(rows[0]?.['loaded'])
}

const reloadSeconds = 10

async function reload(host: string, session: Session): Promise<true> {
  const before = await loadTime(session)
  await session.ask('SELECT pg_reload_conf()', undefined, readSeconds)
  for (const end = Date.now() + reloadSeconds * 1000; Date.now() < end; await sleep(20))
    if ((await loadTime(session)) > before) return true
  throw new HostwrightError(
    `the server was told to read its configuration again, and has not within ${reloadSeconds} seconds`,
    {
      host,
      next: 'read its log; a broken file makes it keep the old settings',
    },
  )
}

function keyOf({
  port = 5432,
  socket = '',
  host = '',
  user = 'postgres',
  password,
  database = 'postgres',
}: ServerAddress) {
  return JSON.stringify([host, socket, port, user, database, password?.reveal() ?? null])
}

async function drop(kept: Map<string, Kept>, key: string): Promise<void> {
  const entry = kept.get(key)
  kept.delete(key)
  await entry?.session.then(
    (session) => session.close(),
    () => undefined,
  )
}

async function makeRoom(kept: Map<string, Kept>): Promise<void> {
  if (kept.size < maxSessions) return
  const [oldest] = [...kept].filter(([, { users }]) => users === 0).sort(([, a], [, b]) => a.used - b.used)
  if (oldest !== undefined) await drop(kept, oldest[0])
}
