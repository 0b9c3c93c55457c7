/** The systems whose hosts the lab can start. This file is all the lab knows about what runs on them. */
export type System = {
  readonly hosts: readonly string[]
  readonly groups: Readonly<Record<string, readonly string[]>>
}

export const systems = {
  replication: {
    hosts: ['pg1', 'pg2', 'backup1'],
    groups: { primary: ['pg1'], replica: ['pg2'], backup: ['backup1'] },
  },
  sync: {
    hosts: ['pg1', 'pg2', 'pg3'],
    groups: { master: ['pg1'], sync: ['pg2'], async: ['pg3'] },
  },
  logical: {
    hosts: ['vm1', 'vm2', 'vm3', 'vm4'],
    groups: { publisher: ['vm1', 'vm2'], reader: ['vm3'], standby: ['vm4'] },
  },
  patroni: {
    hosts: ['ns', 'pg01', 'pg02', 'pg03'],
    groups: { ns: ['ns'], patroni: ['pg01', 'pg02', 'pg03'] },
  },
} as const satisfies Record<string, System>

export type SystemName = keyof typeof systems

export const defaultSystem: SystemName = 'replication'

export const isSystem = (text: string): text is SystemName => Object.hasOwn(systems, text)

/** Variables of every inventory that hold a generated password. */
export const passwordNames = [
  'replication_password',
  'barman_password',
  'barman_streaming_password',
  'superuser_password',
  'logical_password',
  'patroni_restapi_password',
  'haproxy_stats_password',
] as const

/**
 * `admin` logs in with the lab's key and has sudo without a password; `operator` may log in with its password, and
 * its sudo asks for it. The password may be known: only root of this machine can reach the hosts.
 */
export const users = {
  admin: { name: 'admin', uid: 1000 },
  operator: { name: 'operator', uid: 1001, password: 'correct-horse-77' },
} as const
