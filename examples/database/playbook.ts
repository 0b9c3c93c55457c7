/** The database of an application, on a PostgreSQL server that is installed and runs. */
import { main, play, playbook, schema, secret, Type, withDefault } from 'hostwright'
import { pg_db, pg_privs, pg_table, pg_user } from 'hostwright/modules'

const vars = schema({
  app_password: secret({ description: 'The password of the role "app".' }),
  pg_socket: withDefault(Type.String({ description: "The folder of the server's socket." }), '/var/run/postgresql'),
})

const database = play('Database', { hosts: 'database', become: true, vars })
  .task('A role for the application', ({ vars }) =>
    pg_user({ name: 'app', password: vars.app_password, login_unix_socket: vars.pg_socket }),
  )
  .task('A role that only reads', ({ vars }) =>
    pg_user({ name: 'reports', role_attr_flags: 'NOLOGIN', login_unix_socket: vars.pg_socket }),
  )
  .task('The database', ({ vars }) => pg_db({ name: 'app', owner: 'app', login_unix_socket: vars.pg_socket }))
  .task('A table', ({ vars }) =>
    pg_table({
      name: 'visits',
      db: 'app',
      owner: 'app',
      columns: ['id bigint PRIMARY KEY', 'at timestamptz NOT NULL DEFAULT now()', 'page text NOT NULL'],
      login_unix_socket: vars.pg_socket,
    }),
  )
  .task('Reports may read it', ({ vars }) =>
    pg_privs({ database: 'app', objs: 'visits', privs: 'SELECT', roles: 'reports', login_unix_socket: vars.pg_socket }),
  )

const appDatabase = playbook('database', [database])
export default appDatabase
await main(import.meta, appDatabase)
