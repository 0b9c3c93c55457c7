import { defined } from '../../defined.ts'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Pg from 'pg'
import { HostwrightError } from '../../error.ts'
import type { Ending } from '../../connection/wire/ending.ts'
import type { HostShell } from '../host-shell.ts'
import { cancelStatements, type BackendKey } from './cancel.ts'
import { pg } from './pg.ts'
import { pipeMark, pipeScript } from './pipe.ts'
import type { ServerAddress, StatementResult } from './postgres.ts'
import { noServer, serverTrouble, sqlState } from './trouble.ts'
import { valueTypes } from './values.ts'

export const connectSeconds = 15
/** A server that is starting says so, and is asked again for so long. */
const startingSeconds = 30

/** One connection to one database. Requests are written without waiting for earlier answers, so that those asked together cost one round trip. */
export interface Session {
  readonly alive: boolean
  version(): Promise<number>
  /** Milliseconds since something was last heard. */
  idle(): number
  ask(
    text: string,
    values: readonly unknown[] | undefined,
    seconds: number,
    mode?: 'extended',
  ): Promise<StatementResult>
  /** Has the server cancel what it was asked and has not answered; undefined when there is nothing. */
  cancel(): Promise<Ending | undefined>
  close(): Promise<void>
}

export async function openSession(hostShell: HostShell, address: ServerAddress): Promise<Session> {
  for (const end = Date.now() + startingSeconds * 1000; ;) {
    try {
      return await connect(hostShell, address)
    } catch (error) {
      if (sqlState(error) !== '57P03' || Date.now() > end) throw connectTrouble(hostShell, address, error)
      await sleep(200)
    }
  }
}

async function connect(hostShell: HostShell, address: ServerAddress): Promise<Session> {
  const stream = await openPipe(hostShell, address)
  const client = new (pg().Client)({
    stream: () => asSocket(stream),
    // Everything pg would otherwise take from this machine's environment is said here.
    host: address.host ?? 'localhost',
    port: address.port ?? 5432,
    user: address.user ?? 'postgres',
    database: address.database ?? 'postgres',
    password: () => passwordOf(hostShell, address),
    ssl: false,
    application_name: 'hostwright',
    options: '-c client_min_messages=warning -c standard_conforming_strings=on',
    connectionTimeoutMillis: connectSeconds * 1000,
    pipeline: true,
    types: valueTypes,
  } as Pg.ClientConfig)
  let alive = true
  let heard = Date.now()
  const asked = new Set<Promise<unknown>>()
  client.on('error', () => (alive = false))
  client.on('end', () => (alive = false))
  try {
    await client.connect()
    // Sent together with the first query, which also reports its error.
    const version = client.query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`)
    version.catch(() => undefined)
    return {
      get alive() {
        return alive && !stream.destroyed
      },
      version: async () => Number((await version).rows[0]?.version),
      idle: () => Date.now() - heard,
      ask: async (text, values, seconds, mode) => {
        const query = {
          text,
          query_timeout: seconds * 1000,
          ...(values === undefined ? {} : { values: [...values] }),
          ...defined({ queryMode: mode }),
        }
        const answer: Promise<Pg.QueryResult | readonly Pg.QueryResult[]> = client.query(query)
        asked.add(answer)
        try {
          const result = await answer
          heard = Date.now()
          return outcome(result)
        } finally {
          asked.delete(answer)
        }
      },
      // pg keeps the key, and its type leaves that out.
      cancel: () => cancelStatements(asked, client as unknown as BackendKey, () => openPipe(hostShell, address)),
      close: async () => {
        alive = false
        const limit = new AbortController()
        // The timer keeps the program alive meanwhile: the process at the end of the pipe may not.
        const late = sleep(2000, undefined, { signal: limit.signal }).catch(() => undefined)
        await Promise.race([client.end().catch(() => undefined), late])
        limit.abort()
        stream.destroy()
      },
    }
  } catch (error) {
    stream.destroy()
    throw error
  }
}

/** Several statements in one text give several results: the last says what came of it. */
function outcome(result: Pg.QueryResult | readonly Pg.QueryResult[]): StatementResult {
  const last = Array.isArray(result) ? (result as readonly Pg.QueryResult[]).at(-1) : (result as Pg.QueryResult)
  const command = last?.command ?? ''
  const count = last?.rowCount ?? 0
  return {
    rows: last?.rows ?? [],
    rowCount: count,
    status: statusMessage(command, last?.oid, last?.rowCount ?? undefined),
  }
}

function statusMessage(command: string, oid: number | undefined, count: number | undefined): string {
  if (command === 'INSERT') return `INSERT ${oid ?? 0} ${count ?? 0}`
  return count === undefined || Number.isNaN(count) ? command : `${command} ${count}`
}

function passwordOf(hostShell: HostShell, address: ServerAddress): string {
  if (address.password !== undefined) return address.password.reveal()
  throw new HostwrightError(
    `PostgreSQL asks for a password of role ${address.user ?? 'postgres'}, and none was given`,
    {
      host: hostShell.name,
      next: 'give login_password, or connect as the system user of that name with peer authentication',
    },
  )
}

/** The pipe, once its first line has said that a server is at its end. */
async function openPipe(hostShell: HostShell, address: ServerAddress): Promise<Duplex> {
  // With a password the role needs no system user of its name; over TCP nobody looks at the system user.
  const overSocket = address.host === undefined || address.host === '' || address.host.startsWith('/')
  const as = overSocket && address.password === undefined ? (address.user ?? 'postgres') : undefined
  const stream = await hostShell.duplex(pipeScript(address), as)
  const said = await firstLine(stream).catch((error: unknown) => {
    stream.destroy()
    if (error instanceof HostwrightError && error.kind === 'unreachable') throw error
    throw noServer(hostShell.name, address, error instanceof Error ? error.message : String(error))
  })
  if (said !== 'ok') {
    stream.destroy()
    throw noServer(hostShell.name, address, said)
  }
  return stream
}

async function firstLine(stream: Duplex): Promise<string> {
  let seen = Buffer.alloc(0)
  const limit = AbortSignal.timeout(connectSeconds * 1000)
  while (seen.length < 65536) {
    const chunk = stream.read() as Buffer | null
    if (chunk === null) {
      if (stream.readableEnded) break
      await readable(stream, limit)
      continue
    }
    seen = Buffer.concat([seen, chunk])
    const start = seen.indexOf(pipeMark)
    const end = start === -1 ? -1 : seen.indexOf('\n', start)
    if (end === -1) continue
    if (end + 1 < seen.length) stream.unshift(seen.subarray(end + 1))
    return seen
      .subarray(start + pipeMark.length, end)
      .toString()
      .trim()
  }
  throw new Error(`the way to it ended at once${seen.length === 0 ? '' : `: ${seen.toString().trim()}`}`)
}

function readable(stream: Duplex, limit: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => {
      stream.off('readable', go).off('end', go).off('error', done).off('close', closed)
      limit.removeEventListener('abort', late)
      if (error === undefined) resolve()
      else reject(error)
    }
    const go = () => done()
    const closed = () => done(stream.errored ?? new Error('the way to it was closed'))
    const late = () => done(new Error(`no answer within ${connectSeconds} seconds`))
    stream.on('readable', go).on('end', go).on('error', done).on('close', closed)
    limit.addEventListener('abort', late)
  })
}

/** pg wants a socket that it connects itself: the methods a pipe has no use for. */
function asSocket(stream: Duplex): Duplex {
  return Object.assign(stream, {
    connect: () => void process.nextTick(() => stream.emit('connect')),
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  })
}

function connectTrouble(hostShell: HostShell, address: ServerAddress, thrown: unknown): HostwrightError {
  if (thrown instanceof HostwrightError) return thrown
  const code = sqlState(thrown)
  const reason = thrown instanceof Error ? thrown.message : String((thrown as { message?: unknown }).message ?? thrown)
  if (code === '53300') return serverTrouble(hostShell.name, thrown)
  const said = serverTrouble(hostShell.name, thrown)
  return noServer(hostShell.name, address, reason, {
    data: said.data,
    ...defined({ next: said.next }),
  })
}
