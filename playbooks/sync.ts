/**
 * Synchronous replication: a primary whose commits wait for standbys, those of the group `sync` first, those of `async` last.
 * `npx tsx playbooks/switchover.ts -e promote=pg2` gives the primary's part to another.
 */
import { main, play, playbook, schema, withDefault } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { pg_conf } from '../modules/pg_conf.ts'
import { othersOf, synchronousNames } from './variables/members.ts'
import { primary, replica, report } from './replication.ts'
import { leads, whoLeads } from './roles/leader.ts'
import { pictureFile } from './pictures/picture-file.ts'
import { askOfStandbys } from './roles/report.ts'
import { streamingPicture } from './pictures/streaming-picture.ts'
import { cluster, onServers, pictureVariable, variables } from './variables/variables.ts'

export const enough = play('Enough standbys', onServers).task('Enough standbys', ({ vars, host, ...here }) =>
  assert({
    that: { 'there are as many standbys as commits wait for': othersOf(here, host).length >= vars.sync_count },
    fail_msg: `sync_count is ${vars.sync_count}, and there are ${othersOf(here, host).length} standbys: no commit would ever end`,
  }),
)

/** Last, when the standbys are there: until then no commit has to wait. */
export const synchronous = play('Synchronous', onServers).task('Commits wait for standbys', ({ vars, host, ...here }) =>
  pg_conf({
    version: vars.pg_version,
    port: vars.pg_port,
    path: `/etc/postgresql/${vars.pg_version}/${cluster}/conf.d/synchronous.conf`,
    settings: { synchronous_commit: true, synchronous_standby_names: synchronousNames(here, host, vars) },
  }),
)

/** The variables of {@link sync}: those of replication, and where the picture goes. */
export const syncVariables = schema({
  ...variables.properties,
  picture: withDefault(pictureVariable, '.hostwright/sync.mmd'),
})

export const picture = play('The picture', { ...onServers, vars: syncVariables })
  .use(whoLeads)
  .block(
    'Whoever leads tells',
    (block) =>
      block
        .task('Ask of the standbys', ({ vars }) => askOfStandbys(vars), { register: 'standbys' })
        .pipe(
          pictureFile(({ results, ...here }) => streamingPicture(here, results.leader.name, results.standbys.rows)),
        ),
    { when: leads },
  )

/**
 * Replication whose commits wait for standbys: those of the group `sync` first, those of `async` last. Both are made of hosts of `replica`; other groups are as for
 * {@link replication}. Variables: {@link syncVariables}.
 *
 * @example
 * export { sync as default } from 'hostwright/playbooks' // npx hostwright run sync.ts -i hosts.yml
 */
const sync = playbook('sync', [enough, primary, replica, synchronous, report, picture])
export default sync
await main(import.meta, sync)
