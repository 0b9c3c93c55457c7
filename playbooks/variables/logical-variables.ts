import { optional, schema, secret, Type, withDefault, type Scope, type VarsOf } from '../../lib/index.ts'
import { pictureVariable, variables as shared } from './variables.ts'

const { pg_version, pg_port, private_ip, replication_user, replication_password, pg_settings } = shared.properties

/** The variables of the logical cluster's plays. Set them in the inventory, in group_vars/ and host_vars/ (vaulted, if you like), or with -e. */
export const variables = schema({
  ...{ pg_version, pg_port, private_ip, replication_user, replication_password, pg_settings },
  logical_database: withDefault(Type.String({ description: 'the database whose tables are published' }), 'repl'),
  logical_user: withDefault(
    Type.String({ description: 'the role that subscribers log in to publishers as' }),
    'logical',
  ),
  logical_password: secret({ description: 'the password of the role `logical_user`' }),
  publishes: optional(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description:
        'the tables of a publisher, each with its columns; by default the first has `test1`, the second `test2`',
    }),
  ),
  sync_timeout: withDefault(Type.Integer({ description: 'seconds that the first copy of the tables may take' }), 86400),
  picture: withDefault(pictureVariable, '.hostwright/logical.mmd'),
})

export type Variables = VarsOf<typeof variables>
/** What a task here is given, as far as functions of this folder use it. */
export type Here = Scope<Variables, unknown>

export const everybody = 'publisher:reader:standby'
export const asRoot = { become: true, vars: variables } as const
