import type { OpenLab } from '../../lab/index.ts'
import type { Drift } from '../playbooks/drifts.ts'
import { asRoot, sql } from '../playbooks/support.ts'

interface Listed {
  readonly Member: string
  readonly Role: string
  readonly State: string
  readonly TL: number
  readonly 'Lag in MB'?: number | string
}

/** What patronictl says of the members, asked on the first that answers. */
export async function members(
  lab: OpenLab,
  hosts: readonly string[] = ['pg01', 'pg02', 'pg03'],
): Promise<readonly Listed[]> {
  for (const host of hosts) {
    if (!lab.isRunning(host)) continue
    const said = await asRoot(
      lab,
      host,
      'timeout 20 patronictl -c /etc/patroni/config.yml list -f json 2>/dev/null || :',
    )
    if (said.trim().startsWith('[')) return JSON.parse(said) as readonly Listed[]
  }
  return []
}

export const leaderOf = async (lab: OpenLab): Promise<string> =>
  (await members(lab)).find(({ Role, State }) => Role === 'Leader' && State === 'running')?.Member ?? ''

/** One leads, and two others stream on its timeline, without lag. Patroni 3 calls streaming running. */
export const allWell = async (lab: OpenLab): Promise<boolean> => {
  const now = await members(lab)
  const leader = now.find(({ Role, State }) => Role === 'Leader' && State === 'running')
  const well = now.filter(
    ({ Role, State, TL, 'Lag in MB': lag }) =>
      Role !== 'Leader' &&
      State === (lab.release === '12' ? 'running' : 'streaming') &&
      TL === leader?.TL &&
      Number(lag) === 0,
  )
  return well.length === 2
}

export const patroniDrifts: readonly (Drift & { readonly changes: (leader: string) => readonly string[] })[] = [
  {
    name: 'Patroni stopped on a member',
    make: (lab) => asRoot(lab, 'pg03', 'systemctl stop patroni'),
    changes: () => ['pg03: Run Patroni'],
  },
  {
    name: "a member's configuration edited",
    make: (lab) => asRoot(lab, 'pg02', "sed -i 's/mode: .off./mode: automatic/' /etc/patroni/config.yml"),
    changes: () => ['pg02: What it is to be', 'pg02: reload Patroni'],
  },
  {
    name: 'a password changed',
    make: async (lab) => sql(lab, await leaderOf(lab), "alter role replicator password 'somebody else''s'"),
    changes: (leader) => [`${leader}: Passwords of its roles`],
  },
  {
    name: 'the dynamic configuration edited',
    make: (lab) =>
      asRoot(lab, 'pg01', 'patronictl -c /etc/patroni/config.yml edit-config --force --set loop_wait=9 >/dev/null'),
    changes: (leader) => [`${leader}: What all members share`],
  },
  {
    name: "HAProxy's configuration edited",
    make: (lab) => asRoot(lab, 'ns', "sed -i 's/on-marked-down shutdown-sessions//' /etc/haproxy/haproxy.cfg"),
    changes: () => ['ns: Where it leads', 'ns: reload HAProxy'],
  },
  {
    name: 'a record removed from a zone',
    make: (lab) => asRoot(lab, 'ns', "sed -i '/^pg03/d' /etc/bind/db.cluster.internal && rndc reload >/dev/null"),
    changes: () => ['ns: Zones', 'ns: reload named'],
  },
  {
    name: 'another name server in resolv.conf',
    make: (lab) => asRoot(lab, 'pg01', 'echo nameserver 192.0.2.1 >/etc/resolv.conf'),
    changes: () => ['pg01: Ask ns for names'],
  },
  {
    name: 'chrony follows somebody else',
    make: (lab) => asRoot(lab, 'pg02', "sed -i 's/^server .*/server 192.0.2.1/' /etc/chrony/chrony.conf"),
    changes: () => ['pg02: Where the time comes from', 'pg02: restart chrony'],
  },
]
