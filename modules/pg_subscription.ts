import {
  change,
  choice,
  defined,
  defineModule,
  HostwrightError,
  listOf,
  optional,
  secret,
  Type,
  unchanged,
  withDefault,
  type Attributes,
  type Plan,
  type Read,
} from '../lib/index.ts'
import { connComplaints, publisherLogin, type ConnParams } from '../lib/kit/postgres/logical/connparams.ts'
import { dropSlot, makeSlot } from '../lib/kit/postgres/logical/publisher-slot.ts'
import {
  alterations,
  creation,
  removal,
  renewal,
  type SubscriptionWork,
  type WantedSubscription,
} from '../lib/kit/postgres/logical/subscription-plan.ts'
import {
  parameterOf,
  readPublisher,
  readSubscription,
  withoutPassword,
  type Publisher,
  type Subscription,
} from '../lib/kit/postgres/logical/subscription.ts'
import { differing } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, sql } from '../lib/kit/postgres/sql/sql.ts'
import { parameterText, type Parameters } from '../lib/kit/postgres/sql/with-clause.ts'

/** The result of `pg_subscription`. */
export interface PgSubscriptionResult {
  /** The subscription. */
  readonly name: string
  /** Whether it exists. */
  readonly exists: boolean
  /** The name of its slot on the publisher. */
  readonly slot: string
  /** The publications that it follows. */
  readonly publications: readonly string[]
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

const params = {
  name: Type.String({ minLength: 1, description: 'The subscription.' }),
  publications: withDefault(
    listOf(Type.String(), { description: 'The publications of the publisher that it follows.' }),
    [],
  ),
  connparams: withDefault(
    Type.Unsafe<ConnParams>({
      type: 'object',
      additionalProperties: { text: false },
      description: 'How its server reaches the publisher, by libpq’s keywords: host, port, user, password, dbname.',
    }),
    {},
  ),
  password: optional(secret({ description: 'The same as connparams.password.' })),
  subsparams: withDefault(
    Type.Unsafe<Parameters>({
      type: 'object',
      additionalProperties: { text: false },
      description: 'enabled, copy_data, slot_name, synchronous_commit …; what is not named stays as it is.',
    }),
    {},
  ),
  owner: optional(Type.String({ description: 'Its owner. Default: who creates it.' })),
  comment: optional(Type.String({ description: 'Its comment; empty: none.' })),
  recover: withDefault(
    Type.Boolean({
      description:
        'Begin anew what cannot go on: an idle slot of its name, left on the publisher, is dropped; when the publisher has lost the slot, the tables here are emptied and copied again.',
    }),
    false,
  ),
  cascade: withDefault(Type.Boolean({ description: 'With state absent: what depends on it goes too.' }), false),
  state: withDefault(
    choice(['present', 'absent', 'refresh'], {
      description: '`refresh` also takes up tables that were added to the publications.',
    }),
    'present',
  ),
  ...loginParams,
}
type Wanted = Read<typeof params>

/**
 * A subscription: this database follows publications of another server. Its tables must be there (pg_table). Creating it makes the slot on the publisher and
 * begins to copy the rows; pg_subscription_ready waits for that.
 *
 * The password goes into a passfile beside the server's data, readable by the server alone, and not into the subscription: there it would show in the
 * server's log when a statement fails, in pg_dump and in `\dRs+`. A standby that may take over needs the same file.
 *
 * The publisher is asked too, as the subscription's own role, when it answers: tables it has added are taken up, and a slot that is gone or has lost its WAL
 * is an error, or mended with `recover`.
 *
 * @throws when the slot is lost, or its name is taken, and `recover` is off; the server's error when it cannot reach the publisher.
 * @see community.postgresql.postgresql_subscription, https://www.postgresql.org/docs/current/sql-createsubscription.html
 */
export const pg_subscription = defineModule({
  name: 'pg_subscription',
  summary: 'A subscription for logical replication.',
  params,
  examples: [
    {
      name: 'Follow a publication, later',
      params: {
        ...{ name: 'later', publications: ['publ_test1'], subsparams: { connect: false } },
        connparams: { host: '10.0.0.1', user: 'logical', dbname: 'repl' },
      },
    },
  ],
  check: ({ state, publications, connparams, password }) => [
    ...(state === 'present' && (publications.length === 0 || Object.keys(connparams).length === 0)
      ? ['a subscription needs "publications" and "connparams"']
      : []),
    ...connComplaints(connparams, password),
  ],
  plan: async (wanted, host): Promise<Plan<PgSubscriptionResult>> => {
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const [now, [place]] = await Promise.all([
      readSubscription(server, wanted.name),
      server.query<{ data: string }>(`SELECT current_setting('data_directory') AS data`),
    ])
    const { password } = wanted
    const given = password === undefined ? wanted.connparams : { ...wanted.connparams, password }
    const data = place?.data ?? ''
    const login = publisherLogin(given, wanted.name, data)
    const slot = String(wanted.subsparams['slot_name'] ?? now?.slot ?? wanted.name)
    const [passNow, folder, publisher] = await Promise.all([
      login.passfile === undefined ? undefined : host.files.read(login.passfile.path),
      login.passfile === undefined ? undefined : host.files.stat(data),
      // It may be away, or about to be made: what is wrong with it the server itself says when it connects.
      login.password === undefined
        ? undefined
        : readPublisher(host.postgres(login.address), slot, wanted.publications).catch(() => undefined),
    ])
    const desired: WantedSubscription = { ...wanted, conninfo: login.conninfo, parameters: wanted.subsparams }
    const stale = staleSlot(host.name, wanted, slot, now, publisher)
    const { together, single, makes } = workFor(host.name, wanted, desired, slot, now, publisher)
    const passes =
      wanted.state === 'present' && login.passfile !== undefined && passNow?.toString() !== login.passfile.text.reveal()
    const statements = [...together, ...single]
    const queries = statements.map(({ text }) => withoutPassword(text))
    const result = {
      name: wanted.name,
      exists: wanted.state !== 'absent',
      slot,
      publications: wanted.publications,
      queries,
    }
    if (!passes && statements.every(({ text }) => server.promised(text))) return unchanged({ ...result, queries: [] })
    return change<PgSubscriptionResult>({
      diff: [
        ...(passes ? [passDiff(login.passfile.path, passNow !== undefined)] : []),
        ...(statements.length === 0
          ? []
          : [{ of: `subscription ${wanted.name}`, ...diffOf(wanted, desired, now, publisher) }]),
      ],
      result,
      apply: async (applied) => {
        if (passes) {
          const { owner = 'postgres', group = 'postgres' } = folder ?? {}
          const text = Buffer.from(login.passfile.text.reveal())
          await applied.files.write(login.passfile.path, text, { owner, group, mode: '0600' })
        }
        if (stale) await dropSlot(applied, login.address, slot)
        if (makes) await makeSlot(applied, login.address, slot)
        const effect = { kind: 'database', name: `subscription ${wanted.name}` } as const
        const own = applied.postgres(address)
        if (together.length > 0)
          await own.transaction(
            together.map(({ text }) => ({ sql: text })),
            effect,
          )
        for (const { text } of single) await own.execute(text, undefined, effect)
      },
    })
  },
})

function workFor(
  host: string,
  wanted: Wanted,
  desired: WantedSubscription,
  slot: string,
  now: Subscription | undefined,
  publisher: Publisher | undefined,
): SubscriptionWork & { readonly makes?: boolean } {
  const { name, state } = wanted
  const gone = publisher !== undefined && publisher.slot === undefined
  if (state === 'absent') return now === undefined ? nothing : removal(name, now.slot === null || gone, wanted.cascade)
  if (state === 'refresh') return { together: [], single: [sql`ALTER SUBSCRIPTION ${ident(name)} REFRESH PUBLICATION`] }
  const makes = publisher !== undefined && makesSlot(wanted)
  const made = makes ? slot : undefined
  if (now === undefined) return { together: [], single: creation(desired, made), makes }
  if (now.slot === null || !(gone || publisher?.slot?.lost === true))
    return { together: [], single: alterations(desired, now, publisher) }
  if (wanted.recover) return { ...renewal(desired, now, made), makes }
  throw new HostwrightError(
    `the publisher of subscription ${name} ${gone ? `has no slot ${slot} any more` : `has dropped WAL that slot ${slot} was to keep`}: rows are missing here`,
    {
      host,
      next: 'have the tables emptied and copied again with recover: true, or drop the subscription and create it with copy_data as you see fit',
    },
  )
}

const nothing: SubscriptionWork = { together: [], single: [] }

/** Is there a slot on the publisher that stands in the way of making one? */
function staleSlot(
  host: string,
  { name, recover, state, subsparams }: Wanted,
  slot: string,
  now: Subscription | undefined,
  publisher: Publisher | undefined,
): boolean {
  const there = publisher?.slot
  const making = state === 'present' && (now === undefined || (there?.lost === true && now.slot !== null))
  if (!making || there === undefined || !makesSlot({ subsparams })) return false
  if (recover && there.active_pid === null) return true
  throw new HostwrightError(
    there.active_pid === null
      ? `the publisher has a slot ${slot} already, which subscription ${name} did not make`
      : `slot ${slot} of the publisher is in use by its process ${there.active_pid}, and subscription ${name} is not here`,
    {
      host,
      next: `give another subsparams.slot_name, unique for this subscriber${there.active_pid === null ? '; or drop the slot, by recover: true' : ''}`,
    },
  )
}

const isFalse = (value: Parameters[string] | undefined) =>
  value !== undefined && ['false', 'off', 'no'].includes(parameterText(value))

function makesSlot({ subsparams }: Pick<Wanted, 'subsparams'>): boolean {
  return !isFalse(subsparams['create_slot']) && !isFalse(subsparams['connect'])
}

function passDiff(path: string, there: boolean) {
  return { of: path, before: { password: there ? '(another)' : null }, after: { password: '********' } }
}

function diffOf(
  { state, subsparams }: Wanted,
  wanted: WantedSubscription,
  now: Subscription | undefined,
  publisher: Publisher | undefined,
): { readonly before: Attributes; readonly after: Attributes } {
  const parameters = (of: (name: string) => unknown) =>
    Object.fromEntries(Object.keys(subsparams).map((name) => [name, of(name)]))
  const lost = now !== undefined && now.slot !== null && publisher !== undefined && publisher.slot?.lost !== false
  const before: Attributes =
    now === undefined
      ? { state: 'absent' }
      : {
          state: 'present',
          conninfo: withoutPassword(now.conninfo),
          ...{ publications: now.publications, owner: now.owner, comment: now.comment, tables: now.tables },
          slot: lost ? 'lost' : 'there',
          ...parameters((name) => {
            const value = parameterOf(now, name)
            return value === undefined ? undefined : parameterText(value)
          }),
        }
  if (state === 'absent') return { before: { state: 'present' }, after: { state: 'absent' } }
  const tables = [...new Set([...(now?.tables ?? []), ...(publisher?.tables ?? [])])].sort()
  return differing(before, {
    state: 'present',
    ...{ conninfo: wanted.conninfo, publications: wanted.publications },
    ...defined({ owner: wanted.owner }),
    ...(wanted.comment === undefined ? {} : { comment: wanted.comment === '' ? null : wanted.comment }),
    ...(now === undefined || publisher === undefined ? {} : { tables }),
    ...(lost ? { slot: 'made anew, and the tables copied again' } : {}),
    ...parameters((name) => {
      const known = now === undefined || parameterOf(now, name) !== undefined
      return known ? parameterText(subsparams[name] ?? '') : undefined
    }),
  })
}
