import type { Scope } from '../../lib/index.ts'
import { serversOf } from '../variables/members.ts'
import type { Picture } from './picture.ts'
import { barmanSlot, slotOf, type Variables } from '../variables/variables.ts'

type Row = Readonly<Record<string, unknown>>

/** Who leads, who follows over which slot, in which state and how far behind; and barman, where it receives WAL. */
export function streamingPicture(
  here: Pick<Scope<Variables, unknown>, 'optionalGroup'>,
  leader: string,
  slots: readonly Row[],
): Picture {
  const text = (row: Row | undefined, name: string) => String(row?.[name] ?? '')
  const waits = text(slots[0], 'names') || 'no standby'
  const servers = serversOf(here)
  const nameOf = (slot: string) => servers.find(({ name }) => slotOf(name) === slot)?.name ?? slot
  return {
    title: 'Streaming replication',
    servers: [
      ...servers.map(({ name, vars }) => ({
        name,
        about: [
          `${vars.private_ip}:${vars.pg_port}, PostgreSQL ${vars.pg_version}`,
          name === leader ? `leads; commits wait for ${waits}` : 'hot standby, read-only',
        ],
      })),
      ...(slots.some((row) => text(row, 'slot') === barmanSlot)
        ? [{ name: barmanSlot, about: ['WAL and backups'] }]
        : []),
    ],
    flows: slots.map((row) => ({
      from: leader,
      to: nameOf(text(row, 'slot')),
      what: `everything, slot ${text(row, 'slot')}`,
      state:
        row['active'] === true
          ? [text(row, 'state'), text(row, 'sync_state'), `${text(row, 'lag') || '0'} bytes behind`].join(', ')
          : 'nobody streams',
      flowing: row['active'] === true,
    })),
  }
}
