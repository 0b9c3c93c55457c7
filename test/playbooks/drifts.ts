import type { OpenLab } from '../../lab/index.ts'
import { asRoot, sql, waitFor } from './support.ts'

/** One thing that somebody, or an accident, did to a converged system. */
export interface Drift {
  readonly name: string
  readonly make: (lab: OpenLab, pg: string) => Promise<unknown>
}

const unit = (pg: string) => `postgresql@${pg}-main`
const etc = (pg: string) => `/etc/postgresql/${pg}/main`

export const drifts: readonly Drift[] = [
  {
    name: 'a pg_hba line removed',
    make: (lab, pg) =>
      asRoot(lab, 'pg1', `sed -i '/replicator/d' ${etc(pg)}/pg_hba.conf && systemctl reload ${unit(pg)}`),
  },
  {
    name: 'an extra trust line on top of pg_hba.conf',
    make: (lab, pg) =>
      asRoot(
        lab,
        'pg2',
        `sed -i '1i host all all 0.0.0.0/0 trust' ${etc(pg)}/pg_hba.conf && systemctl reload ${unit(pg)}`,
      ),
  },
  {
    name: "the replica's slot dropped",
    make: async (lab, pg) => {
      await asRoot(lab, 'pg2', `systemctl stop ${unit(pg)}`)
      await waitFor(
        'the slot to be free',
        20,
        async () => (await sql(lab, 'pg1', "select active from pg_replication_slots where slot_name = 'pg2'")) === 'f',
      )
      await sql(lab, 'pg1', "select pg_drop_replication_slot('pg2')")
      await asRoot(lab, 'pg2', `systemctl start ${unit(pg)}`)
    },
  },
  {
    name: "barman's slot dropped",
    make: (lab) =>
      waitFor('the slot to be dropped', 20, async () => {
        await sql(
          lab,
          'pg1',
          "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = 'barman' and active",
        )
        return !/ERROR/.test(await sql(lab, 'pg1', "select pg_drop_replication_slot('barman')"))
      }),
  },
  { name: 'a password changed', make: (lab) => sql(lab, 'pg1', "alter role replicator password 'somebody else''s'") },
  {
    name: 'a managed setting edited in the file',
    make: (lab, pg) =>
      asRoot(lab, 'pg1', `sed -i 's/^max_wal_senders.*/max_wal_senders = 12/' ${etc(pg)}/conf.d/*.conf`),
  },
  {
    name: 'a managed setting overridden by ALTER SYSTEM',
    make: (lab) => sql(lab, 'pg1', "alter system set max_slot_wal_keep_size = '64MB'; select pg_reload_conf()"),
  },
  {
    name: 'a managed setting overridden by ALTER SYSTEM, and in force since a restart',
    make: async (lab, pg) => {
      await sql(lab, 'pg1', 'alter system set max_replication_slots = 14')
      await asRoot(lab, 'pg1', `systemctl restart ${unit(pg)}`)
    },
  },
  { name: 'the primary stopped', make: (lab, pg) => asRoot(lab, 'pg1', `systemctl stop ${unit(pg)}`) },
  { name: 'the replica stopped', make: (lab, pg) => asRoot(lab, 'pg2', `systemctl stop ${unit(pg)}`) },
  {
    name: "a template's target edited",
    make: (lab) => asRoot(lab, 'backup1', 'echo "*:*:*:*:guess" >>/var/lib/barman/.pgpass'),
  },
  {
    name: "the standby's data directory lost",
    make: (lab, pg) => asRoot(lab, 'pg2', `systemctl stop ${unit(pg)}; rm -rf /var/lib/postgresql/${pg}/main`),
  },
  { name: "barman's server file removed", make: (lab) => asRoot(lab, 'backup1', 'rm /etc/barman.d/pg1.conf') },
  { name: "barman's cron entry removed", make: (lab) => asRoot(lab, 'backup1', 'rm /etc/cron.d/barman') },
  {
    name: "the replica's server package removed",
    make: (lab, pg) => asRoot(lab, 'pg2', `apt-get remove -y postgresql-${pg} >/dev/null 2>&1`),
  },
  { name: 'barman removed', make: (lab) => asRoot(lab, 'backup1', 'apt-get remove -y barman >/dev/null 2>&1') },
  {
    name: 'a reload that a killed run still owed',
    make: (lab, pg) =>
      asRoot(
        lab,
        'pg1',
        `cd ${etc(pg)} && cp -p pg_hba.conf right && echo 'host all nobody 10.9.9.9/32 reject' >>pg_hba.conf && systemctl reload ${unit(pg)} &&
        sleep 1.2 && cat right >pg_hba.conf && rm right`,
      ),
  },
  {
    name: 'a restart that a killed run still owed',
    make: (lab, pg) =>
      asRoot(
        lab,
        'pg1',
        `cd ${etc(pg)}/conf.d && f=$(grep -l max_replication_slots *.conf) && cp -p $f right && sed -i 's/^max_replication_slots.*/max_replication_slots = 13/' $f &&
        systemctl restart ${unit(pg)} && cat right >$f && rm right && systemctl reload ${unit(pg)}`,
      ),
  },
]
