/**
 * Gives the primary's part to a standby: `npx tsx playbooks/switchover.ts -e promote=pg2`. The one that led is stopped cleanly, the standby waits for its last WAL
 * and is promoted; the others follow it, the former primary too, rewound or cloned where it has to be; and barman, where there is one. Run again, it completes what
 * was cut off.
 *
 * When whoever leads is dead, the standby is promoted if it must have every acknowledged row; `-e force=true` promotes it all the same. A host that is
 * down is left out by `--limit '!pg1'`, and made to follow by another run when it is back.
 */
import { defaults, main, play, playbook, schema, Type, withDefault, type Scope, type VarsOf } from '../lib/index.ts'
import { command } from '../modules/command.ts'
import { fail } from '../modules/fail.ts'
import { pg_basebackup } from '../modules/pg_basebackup.ts'
import { pg_controldata } from '../modules/pg_controldata.ts'
import { pg_promote } from '../modules/pg_promote.ts'
import { pg_query } from '../modules/pg_query.ts'
import { pg_rewind } from '../modules/pg_rewind.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { pg_standby } from '../modules/pg_standby.ts'
import { service } from '../modules/service.ts'
import { isSynchronous, othersOf, serversOf } from './variables/members.ts'
import { barmanPointed, barmanStreaming } from './roles/barman.ts'
import { following, keepingNoWal, wayTo } from './roles/following.ts'
import { askWhoLeads } from './roles/leader.ts'
import { whoFollowsWhom } from './roles/report.ts'
import { whyNot } from './roles/takeover.ts'
import {
  backupVariables,
  barmanSlot,
  cluster,
  folder,
  onServers as servers,
  slotOf,
  streams,
  unit,
  type ServerVariables,
  type Variables,
} from './variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [
  defaults([pg_promote, pg_query, pg_slot], { port: vars.pg_port }),
]

/** The variables of {@link switchover}: those of backups, and who is to take over. */
export const switchoverVariables = schema({
  ...backupVariables.properties,
  promote: Type.String({ minLength: 1, description: 'the host of the standby that is to take over' }),
  force: withDefault(Type.Boolean({ description: 'promote it even if acknowledged rows may be lost' }), false),
})
const onServers = { ...servers, vars: switchoverVariables } as const

type There = Scope<VarsOf<typeof switchoverVariables>, unknown>
/** Tasks that act on the one that takes over, once; what they say counts for every host, and if they fail all ends. */
const onPromoted = { run_once: true, delegate_to: ({ vars }: There) => vars.promote }
const onBackup = {
  run_once: true,
  delegate_to: ({ soleHost }: There) => soleHost('backup').name,
}
/** The same on the one that led. */
const onFormer = {
  run_once: true,
  delegate_to: ({ results }: { readonly results: { readonly leader: { readonly name: string } } }) =>
    results.leader.name,
}
/** Its address, though in check mode it does not lead. */
const promotedAddress = ({ vars, ...here }: There) =>
  serversOf(here).find(({ name }) => name === vars.promote)?.vars.private_ip ?? vars.promote
const wayToPromoted = (here: There) => wayTo(promotedAddress(here), here.vars)

const hasBarman = ({ vars, optionalGroup }: There) => optionalGroup('backup').length > 0 && streams(vars)
const data = (vars: Variables) => `/var/lib/postgresql/${vars.pg_version}/${cluster}`

export const takeOver = play('Take over', { ...onServers, module_defaults: atPort })
  .task('Who leads?', ({ vars, ...here }) => askWhoLeads({ ...here, vars }, vars.promote), {
    ...onPromoted,
    register: 'leader',
  })
  .task(
    'Is it a standby, and does it stream?',
    () =>
      pg_query({
        query: `SELECT pg_is_in_recovery() AS standby, EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS streams,
          EXISTS (SELECT FROM pg_stat_wal_receiver WHERE last_msg_receipt_time > clock_timestamp() - interval '5 s') AS hears`,
      }),
    { ...onPromoted, register: 'candidate' },
  )
  .task(
    'No acknowledged row may be lost',
    ({ vars, results, ...here }) => {
      const row = results.candidate.rows[0]
      const says = (name: string) => row?.[name] === true
      const candidate = { standby: says('standby'), streams: says('streams'), hears: says('hears') }
      const reason = vars.force ? undefined : whyNot(vars.promote, results.leader, candidate, here, vars.sync_count)
      return reason !== undefined && fail({ msg: `${reason}; -e force=true does it all the same` })
    },
    { run_once: true },
  )
  .task(
    'A slot for each that will follow',
    ({ vars, ...here }) =>
      othersOf(here, vars.promote).map(({ name }) => pg_slot({ name: slotOf(name), immediately_reserve: true })),
    onPromoted,
  )
  .task(
    'A slot for barman',
    (here) => hasBarman(here) && pg_slot({ name: barmanSlot, immediately_reserve: true }),
    onPromoted,
  )
  .block(
    'Stop the one that leads',
    (block) =>
      block
        .task('A checkpoint, so that it stops soon', () => pg_query({ query: 'CHECKPOINT', changes: true }), {
          ...onFormer,
          changed_when: () => false,
        })
        .task('Stop it cleanly', ({ vars }) => service({ name: unit(vars), state: 'stopped' }), onFormer)
        .task('Where its WAL ends', ({ vars }) => pg_controldata({ version: vars.pg_version }), {
          ...onFormer,
          register: 'end',
        })
        .task(
          'The standby has all of it',
          ({ results }) =>
            pg_query({
              query: 'SELECT pg_last_wal_replay_lsn() AS replayed WHERE pg_last_wal_replay_lsn() > $1::pg_lsn',
              positional_args: [results.end.checkpoint],
            }),
          { ...onPromoted, until: (result) => result.rowcount === 1, retries: 120, delay: 0.5 },
        ),
    {
      when: ({ vars, results }) => results.leader.alive && results.leader.name !== vars.promote,
      rescue: (rescue) =>
        rescue
          .task('Start it again', ({ vars }) => service({ name: unit(vars), state: 'started' }), onFormer)
          .task(
            'Nothing was promoted',
            ({ vars, results }) =>
              fail({ msg: `${vars.promote} does not get the last WAL of ${results.leader.name}, which leads again` }),
            { run_once: true },
          ),
    },
  )
  .task('Promote the standby', () => pg_promote({}), {
    ...onPromoted,
    register: 'promoted',
  })
  .task(
    'A checkpoint, so that its files tell of it',
    ({ results }) => results.promoted.changed && pg_query({ query: 'CHECKPOINT', changes: true }),
    { ...onPromoted, changed_when: () => false },
  )

export const follow = play('Follow', onServers).block(
  'Whoever follows',
  (block) =>
    block
      .task('Who leads now?', ({ vars, ...here }) => askWhoLeads({ ...here, vars }, vars.promote), {
        register: 'leader',
      })
      .task(
        'A second primary stops',
        ({ vars, host, results }) =>
          results.leader.servers.some((server) => server.name === host && server.role === 'primary') &&
          service({ name: unit(vars), state: 'stopped' }),
      )
      .task(
        'Back to where the new primary left it',
        (here) =>
          pg_rewind({
            ...wayToPromoted(here),
            force: here.vars.force || isSynchronous(here),
          }),
        // It ran and could not: then it is cloned.
        { failed_when: (result) => result.failed && !('stderr' in result), register: 'rewind' },
      )
      .task(
        'What could not be rewound is kept aside',
        ({ vars, results }) =>
          'stderr' in results.rewind && command({ argv: ['mv', '-T', data(vars), `${data(vars)}.not-rewound`] }),
      )
      .task(
        'And cloned',
        (here) => 'stderr' in here.results.rewind && pg_basebackup({ ...wayToPromoted(here), slot: slotOf(here.host) }),
      )
      .task('Follow the new primary', (here) => pg_standby({ ...wayToPromoted(here), slot: slotOf(here.host) }))
      .task('Run PostgreSQL', ({ vars }) => service({ name: unit(vars), state: 'started' }))
      .use(following)
      .block('Slots of a time when it led', (inner) => inner.use(keepingNoWal), {
        // pg_rewind has removed them.
        when: ({ results }) => !results.rewind.changed,
      }),
  { when: ({ vars, host }) => host !== vars.promote },
)

export const backup = play('Barman', { ...onServers, folder }).block(
  'Where there is one',
  (block) => block.pipe(barmanPointed(promotedAddress, onBackup)).pipe(barmanStreaming(onPromoted, onBackup)),
  { when: ({ optionalGroup }) => optionalGroup('backup').length > 0 },
)

export const report = play('What stands now', onServers).use(whoFollowsWhom)

/**
 * Gives the primary's part to a standby: `-e promote=pg2`, after {@link replication}, {@link site} or {@link sync}. It is refused when acknowledged rows could be lost, unless
 * `force` is true. Variables: {@link switchoverVariables}.
 *
 * @example
 * export { switchover as default } from 'hostwright/playbooks' // npx hostwright run switchover.ts -i hosts.yml -e promote=pg2
 */
const switchover = playbook('switchover', [takeOver, follow, backup, report])
export default switchover
await main(import.meta, switchover)
