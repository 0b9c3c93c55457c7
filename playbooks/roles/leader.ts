import { defined, role, type Secret } from '../../lib/index.ts'
import { pg_topology } from '../../modules/pg_topology.ts'
import { serversOf } from '../variables/members.ts'
import { backupVariables, variables, type Here } from '../variables/variables.ts'

type Asking = Pick<Here, 'vars' | 'optionalGroup'>

/** Asks the servers who leads; `prefer` is right where two take writes. */
export function askWhoLeads(here: Asking, prefer?: string) {
  const { replication_user, replication_password } = here.vars
  return asking(here, replication_user, replication_password, prefer)
}

function asking({ vars, ...here }: Asking, user: string, password: Secret, prefer?: string) {
  const servers = serversOf(here)
  return pg_topology({
    version: vars.pg_version,
    servers: Object.fromEntries(servers.map((server) => [server.name, server.vars.private_ip])),
    first: servers[0]?.name ?? '',
    ...defined({ prefer }),
    user,
    password,
    port: vars.pg_port,
  })
}

/** Who leads now, whoever the inventory names: `results.leader`. */
export const whoLeads = role({ vars: variables }, (chain) =>
  chain.task('Who leads?', (here) => askWhoLeads(here), { register: 'leader' }),
)

/** The same, asked by barman's host, in its own name. */
export const whoLeadsForBarman = role({ vars: backupVariables }, (chain) =>
  chain.task(
    'Who leads?',
    (here) => asking(here, here.vars.barman_streaming_user, here.vars.barman_streaming_password),
    { register: 'leader' },
  ),
)

/** The part of a task's scope after {@link whoLeads} that tells whether its host leads. */
export interface LeaderKnown {
  /** The name of the host. */
  readonly host: string
  /** What {@link whoLeads} registered. */
  readonly results: { readonly leader: { readonly name: string } }
}
/** Whether the host leads, for the `when` of a block after {@link whoLeads}. */
export const leads = ({ host, results }: LeaderKnown) => host === results.leader.name
/** The opposite of {@link leads}. */
export const follows = (here: LeaderKnown) => !leads(here)

/** For tasks that ask the one that leads, whichever host they belong to. */
export const onLeader = {
  delegate_to: ({ results }: Pick<LeaderKnown, 'results'>) => results.leader.name,
}
