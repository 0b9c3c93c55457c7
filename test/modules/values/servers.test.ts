// needs: postgresql python3
/** Values in the parameters of modules that speak SQL to a server: in the server they are what they are, and nothing else has changed. */
import { test } from 'uvu'
import * as modules from '../../../modules/index.ts'
import { loginParams } from '../../../lib/kit/postgres/sql/login.ts'
import { draws } from '../../support/hostile-values.ts'
import { withServer } from '../../support/postgres-server.ts'
import { ofServers } from './of-servers.ts'
import { withRecorded } from './recorded.ts'
import { furnish, serverState, tidy } from './server-state.ts'
import type { Tried } from './tried.ts'
import { tryModule } from './try-module.ts'
import { inFolder } from '../../../lib/testing/index.ts'

/** Each module has the parameters that say where its server is: they are one, and tried with pg_ping. */
const shared = new Set<unknown>(Object.values(loginParams))

// One server for all: a module that fails is named by its message.
test('each module', () =>
  withServer(async (server) => {
    await furnish(server.client)
    for (const [name, entry] of Object.entries(ofServers(server.socket)))
      await inFolder((folder) =>
        withRecorded({ ansible_connection: 'local' }, (recorded) =>
          tryModule(modules[name as keyof typeof modules] as unknown as Tried, entry, {
            ...{ folder, recorded, count: Math.ceil(draws / 10) },
            shared: name === 'pg_ping' ? new Set() : shared,
            server: { state: () => serverState(server.client), tidy: () => tidy(server.client) },
          }),
        ),
      )
  }))

test.run()
