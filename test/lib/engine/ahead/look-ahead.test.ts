// slow: random playbooks on real shells
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, PlaybookData, TaskData, TaskOptions } from '../../../../lib/play/data.ts'
import { change, defineModule, unchanged } from '../../../../lib/play/module.ts'
import { play } from '../../../../lib/play/play.ts'
import { sh } from '../../../../lib/quote.ts'
import { Type } from '../../../../lib/schema/index.ts'
import { broken, content, runHere, scratch } from '../support.ts'

const reading = defineModule({
  name: 'reading',
  summary: 'What a file holds.',
  params: { path: Type.String() },
  examples: [],
  reads: true,
  plan: async ({ path }, host) => unchanged({ text: (await host.files.read(path))?.toString() ?? '' }),
})

/** Really runs, as `command` does, and leaves a line in a file. */
const appending = defineModule({
  name: 'appending',
  summary: 'Adds a line.',
  params: { path: Type.String() },
  examples: [],
  plan: async ({ path }) =>
    change({
      diff: [],
      result: { path },
      apply: async (host) => {
        await host.run(sh`echo more >>${path}`, { effect: { kind: 'command', name: path } })
      },
    }),
})

type Piece =
  | {
      readonly kind: 'write'
      readonly file: number
      readonly text: string
      readonly notify: boolean
      readonly from: boolean
    }
  | {
      readonly kind: 'read'
      readonly file: number
      readonly once: boolean
      readonly delegate: boolean
      readonly until: boolean
    }
  | { readonly kind: 'append'; readonly file: number; readonly quiet: boolean }
  | { readonly kind: 'loop'; readonly files: readonly number[]; readonly text: string }
  | { readonly kind: 'fail'; readonly on: string; readonly ignored: boolean }
  | { readonly kind: 'flush' }
  | { readonly kind: 'facts'; readonly file: number }
  | { readonly kind: 'block'; readonly pieces: readonly Piece[]; readonly text: string; readonly rescue: boolean }

const file = fc.nat(3)
const text = fc.constantFrom('a', 'b')
const leaf: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('write' as const), file, text, notify: fc.boolean(), from: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      file,
      once: fc.boolean(),
      delegate: fc.boolean(),
      until: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('append' as const), file, quiet: fc.boolean() }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('loop' as const), files: fc.array(file, { maxLength: 3 }), text }),
  },
  fc.record({ kind: fc.constant('fail' as const), on: fc.constantFrom('one', 'two'), ignored: fc.boolean() }),
  fc.record({ kind: fc.constant('flush' as const) }),
  fc.record({ kind: fc.constant('facts' as const), file }),
)
const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 8, arbitrary: leaf },
  fc.record({
    kind: fc.constant('block' as const),
    pieces: fc.array(leaf, { minLength: 1, maxLength: 3 }),
    text,
    rescue: fc.boolean(),
  }),
)
const program = fc.record({
  plays: fc.array(fc.array(piece, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 2 }),
  before: fc.array(fc.tuple(fc.constantFrom('one', 'two'), file, text), { maxLength: 6 }),
})

type Results = Readonly<Record<string, { readonly text: string } | undefined>>

/** The same plays, on files of a folder of their own. */
function build(dir: string, plays: readonly (readonly Piece[])[]): PlaybookData {
  const at = (host: string, number: number) => join(dir, host, String(number))
  const site = { place: undefined } as TaskData['site']
  let named = 0
  const task = (name: string, give: TaskData['give'], given: TaskOptions = {}, register?: string): TaskData => ({
    ...{ type: 'task', name: `${name} ${named++}`, give, defaults: [], site },
    options: { ...given, ...(register === undefined ? {} : { register }) },
  })
  const entry = (piece: Piece): Entry => {
    switch (piece.kind) {
      case 'write': {
        const give: TaskData['give'] = ({ host, results }) => {
          const seen = (results as Results)['seen']?.text
          return content({ path: at(host, piece.file), text: piece.from ? (seen ?? piece.text) : piece.text })
        }
        return task('write', give, piece.notify ? { notify: 'told' } : {})
      }
      case 'read': {
        const options: TaskOptions = {
          ...(piece.once ? { run_once: true } : {}),
          ...(piece.delegate ? { delegate_to: 'two' } : {}),
          ...(piece.until
            ? { until: (result) => (result as { text?: string }).text !== 'a', retries: 1, delay: 0 }
            : {}),
        }
        return task('read', ({ host }) => reading({ path: at(host, piece.file) }), options, 'seen')
      }
      case 'append':
        return task(
          'append',
          ({ host }) => appending({ path: at(host, piece.file) }),
          piece.quiet ? { changed_when: () => false } : {},
        )
      case 'loop':
        return task('loop', ({ host }) =>
          piece.files.map((number) => content({ path: at(host, number), text: piece.text })),
        )
      case 'fail':
        return task('fail', ({ host }) => host === piece.on && broken({}), piece.ignored ? { ignore_errors: true } : {})
      case 'facts':
        return task('facts', ({ host, facts }) => content({ path: at(host, piece.file), text: facts.system }))
      case 'flush':
        return { type: 'flush', site }
      case 'block':
        return {
          ...{ type: 'block', name: 'block', entries: piece.pieces.map(entry), always: [], site },
          rescue: piece.rescue ? [entry({ kind: 'append', file: 3, quiet: false })] : [],
          options: { when: ({ results }) => (results as Results)['seen']?.text !== piece.text },
        }
    }
  }
  return {
    type: 'playbook',
    name: 'random',
    plays: plays.map((pieces, index) => ({
      ...{ type: 'play', name: `play ${index}`, options: { hosts: 'here' }, entries: pieces.map(entry), site },
      handlers: [{ ...task('', ({ host }) => appending({ path: at(host, 9) })), name: 'told' }],
    })),
  }
}

/** What a run told and left behind. */
async function outcome(dir: string, drawn: Drawn, lookAhead: boolean) {
  rmSync(dir, { recursive: true, force: true })
  for (const host of ['one', 'two']) mkdirSync(join(dir, host), { recursive: true })
  for (const [host, file, text] of drawn.before) writeFileSync(join(dir, host, String(file)), text)
  const run = async (check = false) => {
    const { events } = await runHere([], {
      check,
      playbook: build(dir, drawn.plays),
      lookAhead,
      stateDir: join(dir, 'state'),
    })
    const plain = events.map((event) =>
      event.type === 'recap'
        ? { ...event, seconds: 0, requests: {}, round_trips: {} }
        : event.type === 'result'
          ? { ...event, seconds: 0 }
          : event,
    )
    // A retry is told at once, in whatever order the hosts come to it.
    const retries = (host: string) => plain.filter((event) => event.type === 'retry' && event.host === host)
    // How a task that takes long gets on is told by the clock.
    const told = plain.filter(({ type }) => type !== 'retry' && type !== 'progress')
    return { told, retries: [retries('one'), retries('two')] }
  }
  const runs = [await run(true), await run(), await run(true)]
  const left = ['one', 'two'].flatMap((host) =>
    readdirSync(join(dir, host)).map((name) => [host, name, readFileSync(join(dir, host, name), 'utf8')]),
  )
  return { runs, left }
}

type Drawn = Readonly<{ plays: readonly (readonly Piece[])[]; before: readonly (readonly [string, number, string])[] }>

test('whatever the plays, what a run does and tells is the same with look-ahead and without', async () => {
  const dir = scratch()
  await fc.assert(
    fc.asyncProperty(program, async (drawn) => {
      const without = await outcome(dir, drawn, false)
      assert.equal(await outcome(dir, drawn, true), without)
    }),
    // The long tests draw two thousand.
    { numRuns: Number(process.env['HOSTWRIGHT_RANDOM_PLAYBOOKS'] ?? 30), includeErrorInReport: true },
  )
})

test('a converged play costs the requests of its longest task, not of all; what it reads twice is read once', async () => {
  const dir = scratch()
  const plays = [1, 2, 3, 4, 5, 6].map((number) =>
    play(`p${number}`, { hosts: 'here' })
      .task('a', ({ host }) => content({ path: join(dir, host, '1') }))
      .task('b', ({ host }) => content({ path: join(dir, host, '2') })),
  )
  for (const host of ['one', 'two']) mkdirSync(join(dir, host))
  await runHere(plays)
  const { results, events } = await runHere(plays)
  assert.ok(results.every((event) => event.status === 'ok'))
  const recap = events.findLast((event) => event.type === 'recap')
  assert.ok((recap?.requests['one'] ?? Infinity) <= 4, JSON.stringify(recap?.requests))
})

test.run()
