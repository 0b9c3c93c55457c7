/** Values in the parameters of modules that ask over HTTP: each is one part of one request, or is refused. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as modules from '../../../modules/index.ts'
import { draws } from '../../support/hostile-values.ts'
import { requests } from './of-requests.ts'
import { withRecorded } from './recorded.ts'
import type { Tried } from './tried.ts'
import { tryModule } from './try-module.ts'
import { inFolder } from '../../../lib/testing/index.ts'

const member = (name: string, role: string) => ({
  ...{ name, role, state: 'running', host: '127.0.0.1', port: 1, timeline: 1, lag: 0 },
  api_url: 'http://127.0.0.1:1/patroni',
})
const answers: Readonly<Record<string, unknown>> = {
  '/cluster': { scope: 'hwscope', members: [member('pg01', 'leader'), member('pg02', 'replica')] },
  '/config': { ttl: 30 },
  '/health': { health: 'true' },
}

/** What Patroni and etcd say when they are asked; nothing is ever sent to them here. */
async function withAnswers<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => response.end(JSON.stringify(answers[request.url ?? ''] ?? {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use((server.address() as AddressInfo).port)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

for (const name of Object.keys(requests(0)))
  test(name, () =>
    withAnswers((port) =>
      inFolder((folder) =>
        withRecorded({ ansible_connection: 'local' }, (recorded) => {
          const entry = requests(port)[name]
          const tried = modules[name as keyof typeof modules] as unknown as Tried
          if (entry === undefined) throw new Error(name)
          // Each question starts a Python, and hosts that are not there take their time.
          return tryModule(tried, entry, { folder, recorded, count: Math.ceil(draws / 25) })
        }),
      ),
    ),
  )

test.run()
