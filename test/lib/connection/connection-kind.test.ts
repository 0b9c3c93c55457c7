/** Connections of a program's own: any POSIX shell at the end of a stream is a host. */
import { spawn } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  commandTransport,
  type ConnectionKind,
  type ConnectionTarget,
} from '../../../lib/connection/connection-kind.ts'
import { type Connection, connect, connectionSettings } from '../../../lib/connection/index.ts'
import type { HostProcess, ProcessEnd, Transport } from '../../../lib/connection/wire/process.ts'
import { HostwrightError } from '../../../lib/error.ts'
import { raw } from '../../../lib/quote.ts'

/** A transport written from nothing but Node's own child processes. */
function childTransport({ host }: ConnectionTarget, env: Readonly<Record<string, string>> = {}): Transport {
  return {
    host,
    start: (command) => Promise.resolve(childProcess(command, env)),
    close: () => Promise.resolve(),
  }
}

function childProcess(command: string, env: Readonly<Record<string, string>>): HostProcess {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { env: { ...process.env, ...env } })
  const when = (event: 'exit' | 'close') =>
    new Promise<ProcessEnd>((resolve) =>
      child.once(event, (status: number | null, signal: string | null) =>
        resolve({ status: status ?? undefined, signal: signal ?? undefined }),
      ),
    )
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: when('exit'),
    ended: when('close'),
    close: () => child.stdin.destroy(),
  }
}

const own: ConnectionKind = { open: (target) => childTransport(target, { WHO: target.address }) }
const kinds = { own, shell: { open: ({ host }) => commandTransport(host, ['sh']) } satisfies ConnectionKind }

async function open(
  vars: Readonly<Record<string, unknown>>,
  brought: Readonly<Record<string, ConnectionKind>> = kinds,
) {
  return connect(connectionSettings('box', vars, { kinds: brought }))
}

async function answer(connection: Connection): Promise<string> {
  try {
    const [shell, exec] = await Promise.all([
      connection.shell().then((shell) => shell.request(raw('echo "shell $WHO"'))),
      connection.exec(raw('cat; echo "exec $WHO"'), { input: 'in ' }),
    ])
    return shell.stdout.toString() + exec.stdout.toString()
  } finally {
    await connection.close()
  }
}

async function refused(vars: Readonly<Record<string, unknown>>, kind: ConnectionKind): Promise<HostwrightError> {
  try {
    await (await open({ ansible_connection: 'own', ...vars }, { own: kind })).close()
  } catch (error) {
    assert.instance(error, HostwrightError)
    return error as HostwrightError
  }
  return assert.unreachable('it was opened') as never
}

test('a transport of one’s own carries shells and single programs', async () => {
  const said = await answer(await open({ ansible_connection: 'own', ansible_host: 'inside' }))
  assert.is(said, 'shell inside\nin exec inside\n')
})

test('a command that opens a shell is a transport', async () => {
  assert.is(await answer(await open({ ansible_connection: 'shell' })), 'shell \nin exec \n')
})

test('it is told what the variables of the host say', async () => {
  const told: ConnectionTarget[] = []
  const kind: ConnectionKind = { open: (target) => (told.push(target), childTransport(target)) }
  const vars = { ansible_connection: 'own', ansible_port: '2222', ansible_user: 'me', ansible_password: 'secret-word' }
  await (await open(vars, { own: kind })).close()
  const [target] = told
  assert.equal([target?.host, target?.address, target?.port, target?.user], ['box', 'box', 2222, 'me'])
  assert.is(target?.password?.reveal(), 'secret-word')
  assert.is(target?.vars, vars)
})

test('what it finds wrong is told before the host is touched, with the host', () => {
  const check = () => {
    throw new HostwrightError('zone is not set', { kind: 'input' })
  }
  const kind: ConnectionKind = { check, open: () => assert.unreachable('it was opened') as never }
  assert.throws(
    () => connectionSettings('box', { ansible_connection: 'own' }, { kinds: { own: kind } }),
    (error: HostwrightError) => error.message === 'zone is not set' && error.host === 'box',
  )
})

test('an address that a command line would take for an option reaches no connection', async () => {
  const error = await refused({ ansible_host: '-oProxyCommand=x' }, own)
  assert.is(error.kind, 'input')
})

test('a name that nobody brought is refused with those that are known', () => {
  assert.throws(
    () => connectionSettings('box', { ansible_connection: 'owm' }, { kinds }),
    /ansible_connection is "owm", which is not one of ssh, local, .*, smart, own, shell/,
  )
  assert.throws(() => connectionSettings('box', { ansible_connection: 'constructor' }, { kinds }), /not one of/)
})

test('whatever keeps it from opening is an unreachable host', async () => {
  const broken = await refused({}, { open: () => Promise.reject(new Error('no such box')) })
  assert.equal([broken.kind, broken.message, broken.host], ['unreachable', 'no such box', 'box'])
  const nothing = await refused({}, { open: () => ({}) as never })
  assert.equal([nothing.kind, nothing.message], ['unreachable', 'the connection "own" gave no transport'])
})

test('one that takes too long is unreachable, and is closed once it comes', async () => {
  let arrive: (transport: Transport) => void = () => {}
  const error = await refused(
    { ansible_timeout: 1 },
    { open: () => new Promise<Transport>((resolve) => (arrive = resolve)) },
  )
  assert.match(error.message, 'was not open within 1 seconds')
  await new Promise<void>((resolve) => {
    arrive({ host: 'box', start: () => assert.unreachable() as never, close: () => Promise.resolve(resolve()) })
  })
})

test('a transport that says why it was lost is believed', async () => {
  const lost = new HostwrightError('the box was deleted', { kind: 'unreachable' })
  const kind: ConnectionKind = { open: (target) => ({ ...childTransport(target), lost }) }
  const connection = await open({ ansible_connection: 'own' }, { own: kind })
  const error = await connection.exec(raw('true')).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.match((error as Error).message, 'the box was deleted')
  await connection.close()
})

test.run()
