import * as assert from 'uvu/assert'
import { drawnFrom } from '../../support/hostile-values.ts'
import type { Swap } from './alike.ts'
import { draws, type Draw } from './drawn.ts'
import type { Entry } from './entry.ts'
import { placesIn, textParameters, type Params, type Place } from './places.ts'
import type { Recorded, Said } from './recorded.ts'
import { readers, type Readers } from './readers.ts'
import { readBack, troubleIn } from './said.ts'
import { outcomeOf, saysWhich, type Outcome, type Tried } from './tried.ts'

/** Good parameters and a place in them. */
interface Spot {
  readonly params: Params
  readonly place: Place
}

/** Every place for text of a module, each in parameters that go through. A parameter without one is a gap in the table. */
export function spotsOf(
  { definition, schema }: Tried,
  entry: Entry,
  folder: string,
  shared: ReadonlySet<unknown>,
): readonly Spot[] {
  const [first = {}, ...others] = entry.good(folder)
  const also = entry.also?.(folder) ?? {}
  const declared = definition.params as Readonly<Record<string, unknown>>
  return textParameters(schema)
    .filter((name) => entry.code?.[name] === undefined && !shared.has(declared[name]))
    .flatMap((name) => {
      const params =
        also[name] === undefined ? [first, ...others].find((one) => name in one) : { ...first, ...also[name] }
      const places = params === undefined ? [] : placesIn(schema, name, params)
      assert.ok(places.length > 0, `${definition.name}: nothing is said of the parameter "${name}"`)
      return places.map((place) => ({ params: params ?? {}, place }))
    })
}

/**
 * Tries a module with as many values. Each is refused by its parameter's name before anything is touched, or reaches the host as what it is: what was said is what is
 * said of the good value, but for the value itself.
 */
export async function tryModule(tried: Tried, entry: Entry, trial: Trial): Promise<void> {
  const { folder, count, readers: more = {}, shared = new Set() } = trial
  entry.prepare?.(folder)
  const spots = spotsOf(tried, entry, folder, shared)
  const all = [...new Set([...entry.good(folder), ...spots.map(({ params }) => params)])]
  const read = (said: readonly (readonly Said[])[]) => readBack(said, entry.reads ?? {}, { ...readers, ...more })
  // Whether something is there decides what is said: it is among what is said of any good parameters.
  const good: Outcome[] = []
  for (const params of all) {
    const outcome = await oneOf(tried, params, trial)
    assert.ok(
      outcome.is !== 'refused',
      `${JSON.stringify(params)}: ${outcome.is === 'refused' ? outcome.why.join('; ') : ''}`,
    )
    good.push(outcome)
  }
  const untouched = trial.server === undefined ? [] : [await leftIn(trial.server)]
  const reference = [...untouched, ...(await read(good.map(saidOf))).flat()]
  for (const params of all) {
    const places = spots.filter((spot) => spot.params === params).map(({ place }) => place)
    const each = draws(places, Math.ceil((count * places.length) / spots.length))
    const drawn: Draw[] = []
    for (const draw of each) {
      const meant = meaning(entry, draw)
      if (meant === undefined) drawn.push(draw)
      else await sameAs({ ...put(params, draw), ...meant }, draw, params, tried, trial)
    }
    for (let at = 0; at < drawn.length; at += atOnce) {
      const some = drawn.slice(at, at + atOnce)
      const outcomes: Outcome[] = []
      for (const draw of some) outcomes.push(await oneOf(tried, put(params, draw), trial).catch(named(tried, draw)))
      const said = await read(outcomes.map(saidOf))
      some.forEach((draw, i) => {
        const trouble = troubleWith(entry, draw, outcomes[i], reference, said[i] ?? [])
        if (trouble !== undefined) assert.unreachable(`${shown(tried, draw)}: ${trouble}`)
      })
    }
  }
}

function meaning({ otherwise = {} }: Entry, { places, texts }: Draw): Params | undefined {
  const meant = places.flatMap(({ parameter }, i) => otherwise[parameter]?.(texts[i] ?? '') ?? [])
  return meant.length === 0 ? undefined : Object.assign({}, ...meant)
}

async function sameAs(meant: Params, draw: Draw, params: Params, tried: Tried, trial: Trial): Promise<void> {
  const [found, wanted] = [await oneOf(tried, put(params, draw), trial), await oneOf(tried, meant, trial)]
  if (found.is === 'refused') assert.ok(saysWhich(found.why, draw), `${shown(tried, draw)}: ${found.why.join('; ')}`)
  else assert.equal(saidOf(found), saidOf(wanted), shown(tried, draw))
}

/** Texts that a reader is given together. */
const atOnce = 500

interface Trial {
  readonly folder: string
  readonly recorded: Recorded
  /** How many values. */
  readonly count: number
  /** Modules that change a server are applied for good: what is in it afterwards, and how it is as before again. */
  readonly server?: { readonly state: () => Promise<unknown>; readonly tidy: () => Promise<void> }
  /** Readers beside those that every machine has. */
  readonly readers?: Readers
  /** Parameters of several modules, which one of them is tried with. */
  readonly shared?: ReadonlySet<unknown>
}

/** With a server, what is in it afterwards is a part of what was said. */
async function oneOf(tried: Tried, params: Params, { recorded, server }: Trial): Promise<Outcome> {
  const outcome = await outcomeOf(tried, params, recorded)
  if (server === undefined || outcome.is === 'refused') return outcome
  const left = await leftIn(server)
  await server.tidy()
  return { ...outcome, said: [...outcome.said, left] }
}

async function leftIn(server: NonNullable<Trial['server']>): Promise<Said> {
  return { what: 'file', doing: 'server', texts: [await server.state()], raw: [], read: true }
}

const saidOf = (outcome: Outcome): readonly Said[] => (outcome.is === 'refused' ? [] : outcome.said)

function put(params: Params, { places, texts }: Draw): Params {
  return places.reduce((sum, place, i) => place.put(sum, texts[i] ?? ''), params)
}

function troubleWith(
  { becomes = {} }: Entry,
  draw: Draw,
  outcome: Outcome | undefined,
  reference: readonly Said[],
  said: readonly Said[],
): string | undefined {
  if (outcome?.is === 'refused')
    return saysWhich(outcome.why, draw) ? undefined : `refused without a name: ${outcome.why.join('; ')}`
  const swaps = draw.places.flatMap(({ good, parameter }, i) =>
    swapsFor(good, draw.texts[i] ?? '', becomes[parameter] ?? ((text) => [text])),
  )
  return troubleIn(reference, said, swaps)
}

function swapsFor(good: string, text: string, becomes: (text: string) => readonly string[]): readonly Swap[] {
  const [goods, others] = [becomes(good), becomes(text)]
  return [...new Set(goods)].map((one) => ({ good: one, texts: others.filter((_, i) => goods[i] === one) }))
}

/** What is no error of ours says what it was about. */
const named = (tried: Tried, draw: Draw) => (error: unknown) => {
  throw new Error(shown(tried, draw), { cause: error })
}

function shown({ definition }: Tried, { places, texts }: Draw): string {
  const given = places.map((place, i) => `${place.shown}=${JSON.stringify(texts[i])}`)
  return `${definition.name} ${given.join(' ')} (${drawnFrom})`
}
