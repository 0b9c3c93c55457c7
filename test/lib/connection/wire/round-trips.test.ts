import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { RoundTrips } from '../../../../lib/connection/wire/round-trips.ts'
import { raw } from '../../../../lib/quote.ts'

test('questions asked side by side are one round trip, each after the answer to another one more', () => {
  const trips = new RoundTrips()
  assert.is(trips.count, 0)
  const [one, two] = [trips.ask(), trips.ask()]
  assert.is(trips.count, 1)
  trips.answer(one)
  const three = trips.ask()
  assert.is(trips.count, 2)
  trips.answer(two)
  trips.ask()
  assert.is(trips.count, 2, 'an answer that nobody waited for longer costs nothing')
  trips.answer(three)
  trips.ask()
  assert.is(trips.count, 3)
})

test('a connection counts them over its shells and programs', async () => {
  const connection = await connect(connectionSettings('here', { ansible_connection: 'local' }))
  try {
    const shell = await connection.shell()
    assert.is(connection.roundTrips, 0, 'the first shell belongs to the login')
    await Promise.all(Array.from({ length: 40 }, () => shell.request(raw('true'))))
    assert.is(connection.roundTrips, 1)
    await shell.request(raw('true'))
    assert.is(connection.roundTrips, 2)
    await connection.exec(raw('true'))
    assert.is(connection.roundTrips, 4, 'a channel is opened, then the command runs')
    const stream = await connection.duplex(raw('cat'))
    for (const text of ['one', 'two']) {
      stream.write(text)
      await new Promise((resolve) => stream.once('data', resolve))
    }
    assert.is(connection.roundTrips, 7, 'a channel, the first exchange, the second')
    stream.destroy()
    assert.is(connection.requests, 43)
  } finally {
    await connection.close()
  }
})

test.run()
