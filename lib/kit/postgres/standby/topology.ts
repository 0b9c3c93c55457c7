import { conninfo } from '../../../encode/postgres/conninfo.ts'
import { HostwrightError } from '../../../error.ts'
import { lines, sh, type Script } from '../../../quote.ts'

/** One server of a replication system, as it answers over the network. */
export interface SeenServer {
  /** Its inventory name. */
  readonly name: string
  /** The address it was asked at. */
  readonly address: string
  /** `silent`: it does not answer, or does not let this host in. */
  readonly role: 'primary' | 'standby' | 'silent'
  /** Its timeline; 0 when it is silent. */
  readonly timeline: number
  /** How far its WAL is safely on its disk; for a standby, received or replayed. */
  readonly lsn: string
  /** The number that a primary shares with its standbys; empty when it is silent. */
  readonly system_identifier: string
}

/** What the host's own data says of it, where it is one of the servers. */
export type OwnEvidence =
  | {
      /** The host has no data of its own. */
      readonly is: 'none'
    }
  | {
      /** The data is a primary's. */
      readonly is: 'primary'
    }
  | {
      /** The data is a standby's. */
      readonly is: 'standby'
      /** The address it follows; undefined when its configuration names none. */
      readonly follows: string | undefined
    }

/** The servers of a system, and how to log in to them. */
export interface TopologyQuestion {
  /** The major version whose `psql` asks. */
  readonly version: string
  /** Their port. */
  readonly port: number
  /** The role that asks. */
  readonly user: string
  /** How long to wait for an answer. */
  readonly seconds: number
  /** Each server's name and address. */
  readonly servers: readonly (readonly [name: string, address: string])[]
}

/** Asks all servers at once over the replication protocol, which needs no database and no more rights than a standby has. The password comes on standard input. */
export function askScript({ version, port, user, seconds, servers }: TopologyQuestion): Script {
  const setting = Number(version) >= 14 ? 'in_hot_standby' : 'transaction_read_only'
  const asks = servers.map(([, host], index) => {
    const way = { host, port: String(port), user, replication: 'true', connect_timeout: String(seconds) }
    return sh`ask ${index} ${conninfo(way)} &`
  })
  return sh`IFS= read -r PGPASSWORD || :
[ -z "$PGPASSWORD" ] || export PGPASSWORD
for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do [ -x "$bin/psql" ] && break; done
cd /
ask() {
  said=$("$bin/psql" -XAtw -d "$2" -c IDENTIFY_SYSTEM -c ${`SHOW ${setting}`} 2>/dev/null </dev/null | tr '\\n' '|')
  printf '%s|%s\\n' "$1" "$said"
}
${lines(...asks)}
wait`
}

/** Reads what the script of {@link askScript} printed, in the order of `servers`. */
export function parseAnswers(text: string, servers: TopologyQuestion['servers']): readonly SeenServer[] {
  const said = new Map(
    text.split('\n').map((line) => {
      const [index = '', system = '', timeline = '', position = '', , standby = ''] = line.split('|')
      return [index, { system, timeline, position, standby }] as const
    }),
  )
  return servers.map(([name, address], index) => {
    const { system = '', timeline = '', position = '0/0', standby = '' } = said.get(String(index)) ?? {}
    const role = standby === 'off' ? 'primary' : standby === 'on' ? 'standby' : 'silent'
    if (role === 'silent') return { name, address, role, timeline: 0, lsn: '0/0', system_identifier: '' }
    return { name, address, role, timeline: Number(timeline), lsn: position, system_identifier: system }
  })
}

/**
 * Who leads: the server that takes writes. Where none does, what lies on this host's own disk says it; where nothing does either, it is the only one that is
 * no standby, or the one that is to lead.
 *
 * @param prefer - is to lead soon: then the one it takes over from may be a standby already, of a run that was cut off.
 * @throws when two take writes and neither is preferred, or when the one that should lead is a standby.
 */
export function leaderAmong(
  host: string,
  servers: readonly SeenServer[],
  own: OwnEvidence,
  first: string,
  prefer: string | undefined,
): SeenServer {
  const writers = servers.filter(({ role }) => role === 'primary')
  const preferred = writers.find(({ name }) => name === prefer)
  const [only] = writers
  if (preferred !== undefined) return preferred
  if (writers.length > 1)
    throw new HostwrightError(`${writers.map(({ name }) => name).join(' and ')} both take writes: two primaries`, {
      host,
      next: 'find out which is right (the higher timeline was promoted last), and make the others follow it: playbooks/switchover.ts -e promote=THE_RIGHT_ONE',
    })
  if (only !== undefined) return only
  const bySelf =
    own.is === 'primary'
      ? servers.find(({ name }) => name === host)
      : own.is === 'standby'
        ? servers.find(({ address }) => address === own.follows)
        : undefined
  // When all others are standbys, the primary is the one that does not answer.
  const silent = servers.filter(({ role }) => role === 'silent')
  const leader = bySelf ?? (silent.length === 1 ? silent[0] : servers.find(({ name }) => name === first))
  if (leader !== undefined && (leader.role === 'silent' || prefer !== undefined)) return leader
  throw new HostwrightError(`no server takes writes, and ${leader?.name ?? first}, which should, is a standby`, {
    host,
    next: 'promote one: playbooks/switchover.ts -e promote=NAME',
  })
}
