import { asRoot, sql, waitFor } from '../playbooks/support.ts'
import type { Drift } from '../playbooks/drifts.ts'

const etc = (pg: string) => `/etc/postgresql/${pg}/main`
const unit = (pg: string) => `postgresql@${pg}-main`

/** What can happen to a converged synchronous system that pg1 leads. */
export const syncDrifts: readonly Drift[] = [
  {
    name: 'synchronous_standby_names emptied in the file',
    make: (lab, pg) =>
      asRoot(
        lab,
        'pg1',
        `sed -i "s/^synchronous_standby_names.*/synchronous_standby_names = ''/" ${etc(pg)}/conf.d/synchronous.conf && systemctl reload ${unit(pg)}`,
      ),
  },
  {
    name: 'synchronous_commit overridden by ALTER SYSTEM on a standby',
    make: (lab) => sql(lab, 'pg2', 'alter system set synchronous_commit = off; select pg_reload_conf()'),
  },
  {
    name: "a standby's slot dropped",
    make: async (lab, pg) => {
      await asRoot(lab, 'pg3', `systemctl stop ${unit(pg)}`)
      await waitFor(
        'the slot to be free',
        60,
        async () => (await sql(lab, 'pg1', "select active from pg_replication_slots where slot_name = 'pg3'")) === 'f',
      )
      await sql(lab, 'pg1', "select pg_drop_replication_slot('pg3')")
      await asRoot(lab, 'pg3', `systemctl start ${unit(pg)}`)
    },
  },
  {
    name: 'a standby follows a wrong address',
    make: (lab, pg) =>
      asRoot(
        lab,
        'pg3',
        `sed -i "s/host=[0-9.]*/host=10.9.9.9/" ${etc(pg)}/conf.d/hostwright-standby.conf && systemctl reload ${unit(pg)}`,
      ),
  },
  { name: 'the master stopped', make: (lab, pg) => asRoot(lab, 'pg1', `systemctl stop ${unit(pg)}`) },
  {
    name: "a standby's data lost",
    make: (lab, pg) => asRoot(lab, 'pg3', `systemctl stop ${unit(pg)}; rm -rf /var/lib/postgresql/${pg}/main`),
  },
]
