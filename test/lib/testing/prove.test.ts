/** `prove` passes a module that keeps every promise, and names the promise that a module breaks. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { change, defineModule, Type, unchanged, type Host, type HostReader } from '../../../lib/index.ts'
import { inFolder, prove, refusal, runCall, simulate, taskIn, withHost } from '../../../lib/testing/index.ts'

interface Ways {
  /** Reads what the plan compares; by default the file. */
  readonly found?: (host: HostReader, path: string) => Promise<string | undefined>
  readonly apply?: (host: Host, path: string) => Promise<unknown>
  readonly before?: () => string
}

const write = (host: Host, path: string) => host.files.write(path, Buffer.from('wanted'), { mode: '0644' })
const read = async ({ files }: HostReader, path: string) => (await files.read(path))?.toString()

/** A module that brings a file's text about, or gets it wrong in one way. */
function moduleThat({ found = read, apply = write, before = () => '' }: Ways) {
  return defineModule({
    name: 'greeting',
    summary: 'Writes a text.',
    params: { path: Type.String() },
    examples: [],
    plan: async ({ path }, host) => {
      if ((await found(host, path)) === 'wanted') return unchanged({ path })
      return change({
        diff: [{ of: path, before: before(), after: 'wanted' }],
        result: { path },
        apply: async (host) => void (await apply(host, path)),
      })
    },
  })
}

const proving = (ways: Ways) =>
  inFolder((folder) =>
    withHost(async (host) => {
      const path = `${folder}/greeting`
      const done = await prove(host, moduleThat(ways)({ path }))
      assert.is(readFileSync(path, 'utf8'), 'wanted')
      return done
    }),
  )

async function broken(ways: Ways): Promise<string> {
  try {
    await proving(ways)
  } catch (error) {
    assert.is((error as Error).name, 'AssertionError')
    return (error as Error).message
  }
  return assert.unreachable('a broken module was not found out') as never
}

test('a module that keeps every promise passes', async () => {
  const { changed, diff } = await proving({})
  assert.is(changed, true)
  assert.equal(
    diff.map(({ after }) => after),
    ['wanted'],
  )
})

test('a call that finds nothing to do proves nothing', async () =>
  assert.match(await broken({ found: () => Promise.resolve('wanted') }), 'check mode predicts no change'))

test('an apply that does not bring it about is found on the simulated host', async () =>
  assert.match(
    await broken({ apply: () => Promise.resolve() }),
    'on the simulated host, a second run would change it again',
  ))

test('an apply that goes around the host has changed the machine in check mode', async () => {
  const { writeFileSync } = await import('node:fs')
  const past = (_host: Host, path: string) => Promise.resolve(writeFileSync(path, 'wanted'))
  assert.match(await broken({ apply: past }), /the run changes nothing, though check mode predicts it/)
})

test('a diff that check mode did not show is found', async () => {
  let plans = 0
  assert.match(
    await broken({ before: () => `plan ${(plans += 1)}` }),
    /changed something else than check mode predicts/,
  )
})

test('a second run that changes something again is found', async () => {
  let plans = 0
  // The fourth plan is the one of the second run.
  const found: Ways['found'] = async (host, path) => ((plans += 1) === 4 ? undefined : read(host, path))
  assert.match(await broken({ found }), 'a second run changes the host again')
})

test('a simulated host shows what was applied to it, and leaves the real one alone', () =>
  inFolder((folder) =>
    withHost(async (host) => {
      const path = `${folder}/greeting`
      const simulated = simulate(host)
      assert.is((await runCall(simulated, moduleThat({})({ path }))).changed, true)
      assert.is(await read(simulated, path), 'wanted')
      assert.is(await read(host, path), undefined)
    }),
  ))

test('a wrong parameter is refused with the name of the module, and a call that succeeds is no refusal', () =>
  inFolder((folder) =>
    withHost(async (host) => {
      const greeting = moduleThat({})
      assert.match(await refusal(host, greeting({ path: 1 as unknown as string, more: 2 } as never)), 'greeting: ')
      const missed = refusal(host, greeting({ path: `${folder}/greeting` }))
      assert.match(await missed.catch((error: Error) => error.message), 'greeting should have failed')
    }),
  ))

test('a task finds files in templates/, files/ and the folder, and has its variables', () =>
  inFolder((folder) => {
    const { controller, vars } = taskIn(folder, { port: 1 })
    assert.is(vars['port'], 1)
    assert.throws(() => controller.find('templates', 'none.ejs'), /there is no template "none.ejs"/)
    return Promise.resolve()
  }))

test.run()
