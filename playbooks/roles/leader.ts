import type { Chain } from '../../lib/index.ts'
import { pg_topology } from '../../modules/pg_topology.ts'
import { serversOf } from '../members.ts'
import type { Here, Variables } from '../variables.ts'

type Results = Readonly<Record<string, unknown>>

/** Asks the servers who leads. */
export function askWhoLeads({ vars, ...here }: Pick<Here, 'vars' | 'optionalGroup'>, prefer?: string) {
  const servers = serversOf(here)
  return pg_topology({
    version: vars.pg_version,
    servers: Object.fromEntries(servers.map((server) => [server.name, server.vars.private_ip])),
    first: servers[0]?.name ?? '',
    ...(prefer === undefined ? {} : { prefer }),
    user: vars.replication_user,
    password: vars.replication_password,
    port: vars.pg_port,
  })
}

/** Who leads now, whoever the inventory names: `results.leader`. */
export const whoLeads = <V extends Variables, R extends Results, H extends string>(chain: Chain<V, R, H>) =>
  chain.register('leader', 'Who leads?', (here) => askWhoLeads(here))
