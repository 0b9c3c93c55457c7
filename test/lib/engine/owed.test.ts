/** What plays owe their hosts survives killed runs, and runs side by side. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Handlers } from '../../../lib/engine/handlers.ts'
import { scratch } from './support.ts'

const handlersOf = (folder: string, keep = true) => new Handlers('site/One', ['restart', 'reload'], folder, keep)
const owedIn = (folder: string, hosts: readonly string[]) => {
  const found = handlersOf(folder, false)
  return hosts.flatMap((host) => found.leftFor(host).map((name) => `${host} ${name}`))
}

test('what was notified is owed until it has run, also by the next run', () => {
  const folder = join(scratch(), 'state')
  const first = handlersOf(folder)
  first.notify('one', ['restart'])
  first.notify('one', ['restart', 'reload'])
  assert.equal(owedIn(folder, ['one', 'two']), ['one restart', 'one reload'])
  const second = handlersOf(folder)
  second.begins(['one'], 'restart')
  assert.equal(
    owedIn(folder, ['one']),
    ['one restart', 'one reload'],
    'a run that is killed in its handler still owes it',
  )
  second.done('one', 'restart')
  assert.equal(owedIn(folder, ['one']), ['one reload'])
  second.begins(['one'], 'reload')
  second.done('one', 'reload')
  assert.equal(readdirSync(folder), [])
})

test('what another run notifies while a handler is under way stays owed', () => {
  const folder = join(scratch(), 'state')
  const [changes, restarts] = [handlersOf(folder), handlersOf(folder)]
  changes.notify('one', ['restart'])
  restarts.notify('one', ['restart'])
  restarts.begins(['one'], 'restart')
  changes.notify('one', ['restart'])
  restarts.done('one', 'restart')
  assert.equal(owedIn(folder, ['one']), ['one restart'])
})

test('check mode keeps nothing', () => {
  const folder = join(scratch(), 'state')
  handlersOf(folder, false).notify('one', ['restart'])
  assert.equal(owedIn(folder, ['one']), [])
})

test('nothing is written through a link, nor into a folder that others may write to', () => {
  for (const open of [true, false]) {
    const dir = scratch()
    mkdirSync(join(dir, 'elsewhere'), { mode: 0o755 })
    if (open) {
      mkdirSync(join(dir, 'state'))
      chmodSync(join(dir, 'state'), 0o777)
    } else {
      chmodSync(join(dir, 'elsewhere'), 0o777)
      symlinkSync('elsewhere', join(dir, 'state'))
    }
    const handlers = handlersOf(join(dir, 'state'))
    handlers.notify('one', ['restart'])
    assert.ok(handlers.isOwed('one', 'restart'), 'the run itself still runs it')
    assert.equal([...readdirSync(join(dir, 'state')), ...readdirSync(join(dir, 'elsewhere'))], [])
  }
})

const module = fileURLToPath(new URL('../../../lib/engine/handlers.ts', import.meta.url))
/** A process that owes a restart of each of its hosts, pays every second one, and is killed in the end. */
const program = `
  const { Handlers } = await import(${JSON.stringify(module)})
  const [folder, name] = process.argv.slice(1)
  for (let round = 0; round < 100; round += 1) {
    const handlers = new Handlers('site/One', ['restart', 'reload'], folder, true)
    const host = name + round
    handlers.notify(host, ['restart', 'reload'])
    if (round % 2 === 0) {
      handlers.begins([host], 'restart')
      handlers.done(host, 'restart')
    }
  }
  process.kill(process.pid, 'SIGKILL')`

test('runs side by side lose nothing of each other’s, a hundred rounds each', async () => {
  const folder = join(scratch(), 'state')
  const names = ['a', 'b', 'c']
  await Promise.all(
    names.map(
      (name) =>
        new Promise<void>((resolve, reject) => {
          const args = ['--import', 'tsx', '--input-type=module', '--eval', program, folder, name]
          const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
          child.on('close', (_code, signal) =>
            signal === 'SIGKILL' ? resolve() : reject(new Error('it did not come to its end')),
          )
        }),
    ),
  )
  const rounds = [...Array(100).keys()]
  const expected = names.flatMap((name) =>
    rounds.flatMap((round) => [...(round % 2 === 0 ? [] : [`${name}${round} restart`]), `${name}${round} reload`]),
  )
  const hosts = names.flatMap((name) => rounds.map((round) => `${name}${round}`))
  assert.equal(owedIn(folder, hosts), expected)
})

test.run()
