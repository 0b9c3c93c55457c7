import { posix } from 'node:path'
import type { ServerAddress } from '../../../host/postgres/postgres.ts'
import { reveal, Secret } from '../../../secret.ts'
import { encodingComplaints } from '../../../encode/cannot-encode.ts'
import { pgpassField } from '../../../encode/postgres/pgpass.ts'
import { conninfo } from '../../../encode/postgres/conninfo.ts'
import { passLine } from '../standby/standby.ts'

/** How a subscriber reaches its publisher: libpq's keywords. */
export type ConnParams = Readonly<Record<string, string | number | boolean | Secret>>

/** How a subscription logs in to its publisher. */
export interface PublisherLogin {
  /** What stands in the catalog: it names a passfile, never a password. */
  readonly conninfo: string
  /** The password, if one was given. */
  readonly password: Secret | undefined
  /** Where the subscriber's server reads the password, and what stands there; undefined when none was given. */
  readonly passfile: { readonly path: string; readonly text: Secret } | undefined
  /** The same server, for questions of our own. */
  readonly address: ServerAddress
}

/** Complaints about values that a connection string or a password file cannot hold. */
export function connComplaints(params: ConnParams, password: Secret | undefined): readonly string[] {
  const given = Object.entries(params).map(([name, value]) => [name, reveal(textOf(value))] as const)
  const fields = given.filter(([name]) => ['host', 'hostaddr', 'user', 'password'].includes(name))
  return [
    ...given.flatMap(([name, value]) => encodingComplaints(`connparams.${name}`, () => conninfo({ [name]: value }))),
    ...fields.flatMap(([name, value]) => encodingComplaints(`connparams.${name}`, () => pgpassField(value))),
    ...encodingComplaints('password', () => pgpassField(password?.reveal() ?? '')),
  ]
}

function textOf(value: ConnParams[string]): Secret | string {
  return value instanceof Secret ? value : String(value)
}

/** Where the password of a subscription is kept, beside the server's data. */
export function passfileOf(dataDirectory: string, subscription: string): string {
  const data = dataDirectory.replace(/\/+$/, '')
  return posix.join(posix.dirname(data), `.${posix.basename(data)}-${subscription.replace(/[^\w.-]/g, '_')}.pgpass`)
}

/** @param folder - of the subscriber's data, for the default passfile. */
/** How a subscriber logs in to its publisher. A password goes to a passfile, by default beside `dataDirectory`, the subscriber's data. */
export function publisherLogin(params: ConnParams, subscription: string, dataDirectory: string): PublisherLogin {
  const { password: given, passfile, ...rest } = params
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : String(value)]),
  )
  const password = given === undefined ? undefined : given instanceof Secret ? given : new Secret(String(given))
  const host = plain['host'] ?? plain['hostaddr'] ?? ''
  const user = plain['user'] ?? 'postgres'
  const port = Number(plain['port'] ?? 5432)
  const path = passfile === undefined ? passfileOf(dataDirectory, subscription) : String(passfile as string)
  const database = plain['dbname'] ?? user
  return {
    conninfo: conninfo({
      ...plain,
      ...(password === undefined && passfile === undefined ? {} : { passfile: path }),
    }),
    password,
    passfile: password === undefined ? undefined : { path, text: passLine(host, port, user, password) },
    address: { host, port, user, password, database },
  }
}
