import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'

test('10,000 small answers take little memory', async () => {
  const connection = await connect(connectionSettings('here', { ansible_connection: 'local' }))
  const shell = await connection.shell()
  const answers = async (count: number) => {
    for (let i = 0; i < count; i += 500)
      await Promise.all(Array.from({ length: 500 }, () => shell.request(raw('echo 0123456789'))))
  }
  await answers(500)
  const before = process.memoryUsage().rss
  await answers(10_000)
  const grown = Math.round((process.memoryUsage().rss - before) / 1e6)
  await connection.close()
  assert.ok(grown < 60, `${grown} MB more`)
})

test.run()
