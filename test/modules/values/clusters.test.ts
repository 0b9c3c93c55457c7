// needs: postgresql python3
/** Values in the parameters of modules about PostgreSQL's clusters: the server itself, or libpq, reads each as one entry. */
import { test } from 'uvu'
import * as modules from '../../../modules/index.ts'
import { loginParams } from '../../../lib/kit/postgres/sql/login.ts'
import { draws } from '../../support/hostile-values.ts'
import { installedVersion, withServer } from '../../support/postgres-server.ts'
import { ofClusters } from './of-servers.ts'
import { withRecorded } from './recorded.ts'
import { serverReaders } from './server-readers.ts'
import type { Tried } from './tried.ts'
import { tryModule } from './try-module.ts'
import { inFolder } from '../../../lib/testing/index.ts'

const shared = new Set<unknown>(Object.values(loginParams))

// One server for all: a module that fails is named by its message.
test('each module', () =>
  withServer(async (server) => {
    for (const [name, entry] of Object.entries(ofClusters(installedVersion(), server.socket)))
      await inFolder((folder) =>
        withRecorded({ ansible_connection: 'local' }, (recorded) =>
          tryModule(modules[name as keyof typeof modules] as unknown as Tried, entry, {
            ...{ folder, recorded, count: Math.ceil(draws / 10) },
            shared: shared,
            readers: serverReaders(server),
          }),
        ),
      )
  }))

test.run()
