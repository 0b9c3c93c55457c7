import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../lib/connection/index.ts'
import type { Connection } from '../../../lib/connection/connection.ts'
import type { HostReader } from '../../../lib/host/host.ts'
import { openHost, type RealHost } from '../../../lib/host/real.ts'
import { raw, sh } from '../../../lib/quote.ts'
import { inFolder } from '../../../lib/testing/index.ts'

function onThisHost(use: (real: RealHost, file: string, connection: Connection) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const connection = await connect(connectionSettings('here', { ansible_connection: 'local' }))
    try {
      const real = await openHost(connection)
      writeFileSync(join(folder, 'file'), 'old')
      await use(real, join(folder, 'file'), connection)
      await real.close()
    } finally {
      await connection.close()
    }
  })
}

const textOf = async (host: HostReader, file: string) => (await host.files.read(file))?.toString()

test('a host that remembers asks again only after it was told to forget', () =>
  onThisHost(async (real, file, connection) => {
    const host = real.remembering
    assert.is(await textOf(host, file), 'old')
    writeFileSync(file, 'new')
    const asked = connection.requests
    assert.is(await textOf(host, file), 'old')
    assert.is(connection.requests, asked)
    real.forget()
    assert.is(await textOf(host, file), 'new')
  }))

test('a host that is watched always looks', () =>
  onThisHost(async (real, file) => {
    const host = real.watchedBy(() => undefined)
    assert.is(await textOf(real.remembering, file), 'old')
    assert.is(await textOf(host, file), 'old')
    writeFileSync(file, 'new')
    assert.is(await textOf(host, file), 'new')
  }))

test('what a host that remembers changes itself, it sees', () =>
  onThisHost(async (real, file) => {
    const host = real.remembering
    const effect = { kind: 'command', name: 'test' } as const
    assert.is(await textOf(host, file), 'old')
    await host.files.write(file, Buffer.from('written'))
    assert.is(await textOf(host, file), 'written')
    await host.run(sh`printf run >${file}`, { effect })
    assert.is(await textOf(host, file), 'run')
    assert.is(readFileSync(file, 'utf8'), 'run')
  }))

test('scripts are run each time', () =>
  onThisHost(async (real, file) => {
    const ask = async () => (await real.remembering.ask(sh`cat ${file}`)).stdout
    assert.is(await ask(), 'old')
    writeFileSync(file, 'new')
    assert.is(await ask(), 'new')
  }))

test('but those whose answer is said to last', () =>
  onThisHost(async (real, file) => {
    const ask = async () => (await real.remembering.ask(sh`cat ${file}`, { remember: true })).stdout
    assert.is(await ask(), 'old')
    writeFileSync(file, 'new')
    assert.is(await ask(), 'old')
    real.forget()
    assert.is(await ask(), 'new')
  }))

test('questions of several tasks that come up together go together', () =>
  onThisHost(async (real, file, connection) => {
    const [one, other] = [real.watchedBy(() => undefined), real.watchedBy(() => undefined)]
    await one.ask(raw(':'))
    const asked = connection.requests
    await Promise.all([
      ...[one.files.stat(file), other.files.stat('/'), one.files.stat(file, { follow: true })],
      ...[one.users.user('root'), other.users.user('daemon')],
    ])
    assert.is(connection.requests - asked, 2)
  }))

test.run()
