import type { Drift } from '../playbooks/drifts.ts'
import { asRoot, sql, waitFor } from '../playbooks/support.ts'

const unit = (pg: string) => `postgresql@${pg}-main`

/** What may happen to the logical cluster besides what test/playbooks/drifts.ts has for all. */
export const logicalDrifts: readonly Drift[] = [
  {
    name: "a publication's table removed",
    make: (lab) => sql(lab, 'vm1', 'alter publication publ_test1 drop table test1', 'repl'),
  },
  {
    name: 'a subscription disabled',
    make: (lab) => sql(lab, 'vm3', 'alter subscription subs_test2 disable', 'repl'),
  },
  {
    name: "a subscriber's slot dropped, and rows written that it missed",
    make: async (lab) => {
      await waitFor('the slot to be dropped', 60, async () => {
        const slot = "slot_name = 'subs_test1_vm2'"
        await sql(
          lab,
          'vm1',
          `select pg_terminate_backend(active_pid) from pg_replication_slots where ${slot} and active`,
        )
        const said = await sql(
          lab,
          'vm1',
          `select pg_drop_replication_slot(slot_name) from pg_replication_slots where ${slot}`,
        )
        return !/ERROR/.test(said)
      })
      await sql(lab, 'vm1', "insert into test1 values (1001, 'missed')", 'repl')
    },
  },
  {
    name: 'wal_level lowered by ALTER SYSTEM',
    make: (lab) => sql(lab, 'vm2', "alter system set wal_level = 'replica'; select pg_reload_conf()"),
  },
  {
    name: "a subscriber's password overwritten in its passfile",
    make: (lab, pg) => asRoot(lab, 'vm3', `echo '*:*:*:*:guess' >/var/lib/postgresql/${pg}/.main-subs_test1.pgpass`),
  },
  {
    name: "the standby's data lost",
    make: (lab, pg) => asRoot(lab, 'vm4', `systemctl stop ${unit(pg)}; rm -rf /var/lib/postgresql/${pg}/main`),
  },
  {
    name: 'the role of the subscribers with another password',
    make: (lab) => sql(lab, 'vm1', "alter role logical password 'somebody else''s'"),
  },
]
