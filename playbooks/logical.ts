/** Logical replication: publishers that follow each other, a reader that follows them all, and a hot standby of the reader. */
import { main, play, playbook } from '../lib/index.ts'
import { copy } from '../modules/copy.ts'
import { debug } from '../modules/debug.ts'
import { pg_basebackup } from '../modules/pg_basebackup.ts'
import { pg_query } from '../modules/pg_query.ts'
import { pg_subscription } from '../modules/pg_subscription.ts'
import { pg_subscription_ready } from '../modules/pg_subscription_ready.ts'
import { connparams, follows, leads, partnerOf, passfile, subscribed } from './variables/logical-topology.ts'
import { asRoot, everybody } from './variables/logical-variables.ts'
import { pictureText } from './pictures/picture.ts'
import { logicalPicture, whatServersSay, type Said } from './pictures/logical-picture.ts'
import { leading, logicalServer, whichLeads } from './roles/logical-server.ts'
import { pictureFile } from './pictures/picture-file.ts'
import { serverPackages } from './roles/server.ts'
import { cluster, slotOf } from './variables/variables.ts'

export const servers = play('Servers', { hosts: everybody, ...asRoot })
  .use(serverPackages)
  .use(whichLeads)
  .block('What takes writes', (block) => block.use(leading), { when: leads })

export const standby = play('Hot standby of the reader', { hosts: 'reader:standby', ...asRoot })
  .use(whichLeads)
  .block(
    'What follows',
    (block) =>
      block
        .task('Clone the one that leads', ({ vars, host, soleHost }) =>
          pg_basebackup({
            version: vars.pg_version,
            name: cluster,
            cluster_port: vars.pg_port,
            host: partnerOf({ soleHost }, host).vars.private_ip,
            port: partnerOf({ soleHost }, host).vars.pg_port,
            user: vars.replication_user,
            password: vars.replication_password,
            slot: slotOf(host),
          }),
        )
        .use(logicalServer)
        .task('What its subscriptions log in with, should it take over', ({ vars, host, group, soleHost }) =>
          subscribed({ group, soleHost }, host).flatMap((one) => {
            const its = passfile(vars, one)
            const owned = { owner: 'postgres', group: 'postgres', mode: '0600' }
            return its === undefined ? [] : [copy({ dest: its.path, content: its.text, ...owned })]
          }),
        )
        .task(
          'Streams from the one that leads',
          ({ vars }) =>
            pg_query({
              query: "SELECT status FROM pg_stat_wal_receiver WHERE status = 'streaming'",
              port: vars.pg_port,
            }),
          { until: (result) => result.rowcount === 1, retries: 60, delay: 1 },
        ),
    { when: follows },
  )

export const subscriptions = play('Subscriptions', { hosts: everybody, ...asRoot })
  .use(whichLeads)
  .block(
    'Who follows whom',
    (block) =>
      block
        .task('Subscribe', ({ vars, host, group, soleHost }) =>
          subscribed({ group, soleHost }, host).map((one) =>
            pg_subscription({
              name: one.subscription,
              publications: [one.publication],
              connparams: connparams(vars, one),
              subsparams: { enabled: true, copy_data: true, slot_name: one.slot },
              // What is subscribed to is only read here, and the slot's name is this host's own.
              recover: true,
              db: vars.logical_database,
              port: vars.pg_port,
            }),
          ),
        )
        .task('All tables are copied, and keep up', ({ vars, host, group, soleHost }) =>
          subscribed({ group, soleHost }, host).map((one) =>
            pg_subscription_ready({
              name: one.subscription,
              timeout: vars.sync_timeout,
              db: vars.logical_database,
              port: vars.pg_port,
            }),
          ),
        ),
    { when: leads },
  )

export const report = play('What stands now', { hosts: everybody, ...asRoot })
  .task(
    'Ask every server',
    ({ vars, group }) =>
      ['publisher', 'reader', 'standby'].flatMap(group).map(({ vars: its }) =>
        pg_query({
          query: whatServersSay,
          login_host: its.private_ip,
          login_port: its.pg_port,
          login_user: vars.logical_user,
          login_password: vars.logical_password,
          login_db: vars.logical_database,
        }),
      ),
    { run_once: true, register: 'state' },
  )
  .task(
    'Report',
    ({ group, soleHost, results }) =>
      debug({ msg: pictureText(logicalPicture({ group, soleHost }, heard(group, results.state.results))) }),
    { run_once: true },
  )
  .pipe(
    pictureFile(
      ({ group, soleHost, results }) => logicalPicture({ group, soleHost }, heard(group, results.state.results)),
      { run_once: true },
    ),
  )

/** Each server's answer by its name. */
function heard(
  group: (name: string) => readonly { readonly name: string }[],
  answers: readonly { readonly rows?: readonly Readonly<Record<string, unknown>>[] }[],
): ReadonlyMap<string, Said> {
  const names = ['publisher', 'reader', 'standby'].flatMap(group).map(({ name }) => name)
  return new Map(
    names.flatMap((name, index): [string, Said][] => {
      const said = [...answers][index]?.rows?.[0]?.['said'] as Said | undefined
      return said === undefined ? [] : [[name, said]]
    }),
  )
}

/**
 * Logical replication: hosts of `publisher` follow each other's tables, `reader` follows them all, and `standby` is a hot standby of the reader. `reader` and
 * `standby` have one host each. Variables: {@link logicalVariables}.
 *
 * @example
 * export { logical as default } from 'hostwright/playbooks' // npx hostwright run logical.ts -i hosts.yml
 */
const logical = playbook('logical', [servers, standby, subscriptions, report])
export default logical
await main(import.meta, logical)
