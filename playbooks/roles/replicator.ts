import { defaults, role } from '../../lib/index.ts'
import { pg_privs } from '../../modules/pg_privs.ts'
import { pg_user } from '../../modules/pg_user.ts'
import { variables, type ServerVariables } from '../variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [defaults([pg_privs, pg_user], { port: vars.pg_port })]

/** The role that standbys replicate as, and that a former primary is rewound with. */
export const replicator = role({ vars: variables, module_defaults: atPort }, (chain) =>
  chain
    .task('Role for replication', ({ vars }) =>
      pg_user({
        name: vars.replication_user,
        password: vars.replication_password,
        role_attr_flags: 'REPLICATION,LOGIN',
      }),
    )
    .task('What it calls to rewind', ({ vars }) =>
      pg_privs({
        type: 'function',
        objs: [
          'pg_ls_dir(text,boolean,boolean)',
          'pg_stat_file(text,boolean)',
          'pg_read_binary_file(text)',
          'pg_read_binary_file(text,bigint,bigint,boolean)',
        ],
        privs: 'EXECUTE',
        roles: [vars.replication_user],
      }),
    ),
)
