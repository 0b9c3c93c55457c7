import type { Scope } from '../../lib/index.ts'
import type { Picture } from './picture.ts'
import type { Variables } from '../variables/patroni-variables.ts'

interface Member {
  readonly name: string
  readonly role: string
  readonly state: string
  readonly host: string
  readonly port: number
  readonly timeline: number | null
  readonly lag: number | null
  readonly pending_restart: boolean
}

interface Cluster {
  readonly scope: string
  readonly leader: string
  readonly members: readonly Member[]
}

/** HAProxy, the member it leads writers to, those it leads readers to, and who follows whom. */
export function patroniPicture(
  { vars, soleHost }: Pick<Scope<Variables, unknown>, 'vars' | 'soleHost'>,
  { scope, leader, members }: Cluster,
): Picture {
  const proxy = soleHost('ns')
  const standbys = members.filter(({ name }) => name !== leader)
  const isUp = ({ state }: Member) => ['running', 'streaming'].includes(state)
  return {
    title: `Patroni cluster ${scope}`,
    servers: [
      { name: proxy.name, about: [proxy.vars.private_ip, 'HAProxy: 5000 writes, 5001 reads, 7000 statistics'] },
      ...members.map(({ name, host, port, role, state, timeline, pending_restart }) => ({
        name,
        about: [
          `${host}:${port}, PostgreSQL ${vars.pg_version}`,
          `${role}, ${state}, timeline ${timeline ?? '?'}`,
          ...(pending_restart ? ['waits for a restart'] : []),
        ],
      })),
    ],
    flows: members.flatMap((member) => {
      const { name, state, lag } = member
      const flowing = isUp(member)
      if (name === leader) return [{ from: proxy.name, to: name, what: 'writes, port 5000', state: '', flowing }]
      return [
        { from: proxy.name, to: name, what: 'reads, port 5001', state: '', flowing },
        ...(standbys.length === members.length
          ? []
          : [{ from: leader, to: name, what: 'everything', state: `${state}, ${lag ?? '?'} bytes behind`, flowing }]),
      ]
    }),
  }
}
