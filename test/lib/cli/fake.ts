import type { Console, Watch } from '../../../lib/cli/console.ts'
import type { RunSettings } from '../../../lib/engine/prepare/settings.ts'
import type { Engine } from '../../../lib/run/run.ts'

export interface FakeConsole extends Console {
  readonly told: { out: string; err: string }
  readonly asked: string[]
  readonly watched: Watch[]
  readonly exits: number[]
}

/** A console that remembers what it was told and answers as it is taught. */
export function fakeConsole(given: Partial<Console> & { readonly answers?: readonly string[] } = {}): FakeConsole {
  const told = { out: '', err: '' }
  const asked: string[] = []
  const watched: Watch[] = []
  const exits: number[] = []
  const answers = [...(given.answers ?? [])]
  return {
    told,
    asked,
    watched,
    exits,
    cwd: process.cwd(),
    env: {},
    out: (text) => void (told.out += text),
    err: (text) => void (told.err += text),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: () => 79,
    ask(question) {
      asked.push(question)
      return Promise.resolve(answers.shift() ?? '')
    },
    watch(calls) {
      watched.push(calls)
      return () => void watched.splice(watched.indexOf(calls), 1)
    },
    exitNow: (code) => void exits.push(code),
    ...given,
  }
}

/** An engine that does nothing but remember what it was asked. */
export function fakeEngine(given: Partial<Engine> = {}): Engine & { readonly runs: RunSettings[] } {
  const runs: RunSettings[] = []
  return {
    runs,
    runPlaybook(settings) {
      runs.push(settings)
      return Promise.resolve({ counts: {}, failed: false, unreachable: false, interrupted: false })
    },
    preflight: () => Promise.resolve(),
    listHosts: () => [],
    listTasks: () => [],
    ...given,
  }
}
