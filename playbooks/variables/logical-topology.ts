import { encode, type HostRef, type Scope } from '../../lib/index.ts'
import { postgres } from '../../lib/kit/index.ts'
import type { Here, Variables } from './logical-variables.ts'
import { cluster, slotOf } from './variables.ts'

/** A table that one host writes and others follow. */
export interface Published {
  readonly table: string
  readonly columns: readonly string[]
  readonly publication: string
  readonly publisher: HostRef<Variables>
}

export interface Subscribed extends Published {
  readonly subscription: string
  /** On the publisher: its own for each subscriber. */
  readonly slot: string
}

type Groups = Pick<Scope<Variables, unknown>, 'group' | 'soleHost'>

/** Every table, with who writes it. */
export function published({ group }: Pick<Groups, 'group'>): readonly Published[] {
  return group('publisher').flatMap((publisher, index) =>
    Object.entries(publisher.vars.publishes ?? numbered(index + 1)).map(([table, columns]) => ({
      ...{ table, columns, publisher },
      publication: `publ_${table}`,
    })),
  )
}

function numbered(place: number): Readonly<Record<string, readonly string[]>> {
  return { [`test${place}`]: [`k${place} integer PRIMARY KEY`, `v${place} varchar`] }
}

/** The publishers that a host follows: all others that write. The reader's place may be taken by its standby, which then goes on with the same slots. */
export function subscribed({ group, soleHost }: Groups, host: string): readonly Subscribed[] {
  const place = isPair({ soleHost }, host) ? soleHost('reader').name : host
  return published({ group })
    .filter(({ publisher }) => publisher.name !== host)
    .map((one) => ({
      ...one,
      subscription: `subs_${one.table}`,
      slot: slotOf(`subs_${one.table}_${place}`),
    }))
}

/** The reader and its standby: either may lead. */
export function pair({ soleHost }: Pick<Groups, 'soleHost'>): readonly [HostRef<Variables>, HostRef<Variables>] {
  return [soleHost('reader'), soleHost('standby')]
}

export function isPair(groups: Pick<Groups, 'soleHost'>, host: string): boolean {
  return pair(groups).some(({ name }) => name === host)
}

export function partnerOf(groups: Pick<Groups, 'soleHost'>, host: string): HostRef<Variables> {
  const [reader, standby] = pair(groups)
  return host === reader.name ? standby : reader
}

/** How a subscriber logs in to a publisher. */
export function connparams(vars: Variables, { publisher }: Published) {
  return {
    host: publisher.vars.private_ip,
    port: publisher.vars.pg_port,
    user: vars.logical_user,
    password: vars.logical_password,
    dbname: vars.logical_database,
  }
}

/** The passfile that a subscription's server reads. */
export function passfile(vars: Variables, one: Subscribed) {
  return postgres.publisherLogin(connparams(vars, one), one.subscription, postgres.dataFolder(vars.pg_version, cluster))
    .passfile
}

export type WhoLeads = { readonly leader?: { readonly name: string } | undefined }

/** Publishers lead themselves; of the pair whoever takes writes. */
export const leads = ({ host, results }: { readonly host: string; readonly results: WhoLeads }): boolean =>
  results.leader === undefined || results.leader.name === host
export const follows = (scope: { readonly host: string; readonly results: WhoLeads }): boolean => !leads(scope)

/** Everybody who may connect, and how: the whole of pg_hba.conf. */
export function accessRules({ vars, group, soleHost }: Here) {
  const two = pair({ soleHost })
  const host = (database: string, user: string, address: string) =>
    ({ type: 'host', database, user, address, method: 'scram-sha-256' }) as const
  return [
    { type: 'local', database: 'all', user: 'postgres', method: 'peer' },
    { type: 'local', database: 'all', user: 'all', method: 'peer' },
    host('all', 'all', '127.0.0.1/32'),
    host('all', 'all', '::1/128'),
    ...[...group('publisher'), ...two].map(({ vars: its }) =>
      host(encode.pgHba(vars.logical_database), encode.pgHba(vars.logical_user), `${its.private_ip}/32`),
    ),
    ...two.map(({ vars: its }) => host('replication', encode.pgHba(vars.replication_user), `${its.private_ip}/32`)),
  ] as const
}
