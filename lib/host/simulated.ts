import { simulatedFiles } from './files/overlay.ts'
import type { Answer, Host, HostReader } from './host.ts'
import type { Effect, Ledger } from './ledger.ts'
import { simulatedPackages } from './packages/simulated.ts'
import { simulatedPostgres } from './postgres/simulated.ts'
import { simulatedServices } from './services/simulated.ts'
import { simulatedUsers } from './users/simulated.ts'

/** A host on which applies change only what later reads see. One for each host and run, so that all tasks see the same. */
export interface SimulatedHost {
  /** The host for one task, whose effects carry its name; reads go to what was simulated, then to the real one. */
  forTask(task: string, real: HostReader): Host
}

export function simulateHost(name: string, ledger: Ledger): SimulatedHost {
  // The parts keep what was written; the task and the real host behind them change from call to call.
  let task = ''
  let real: HostReader | undefined
  const left = new Map<string, string>()
  const note = (effect: Effect) => ledger.note({ ...effect, host: name, task })
  const pending = () => ledger.effects(name)
  const behind = () => {
    if (real === undefined) throw new Error('a simulated host was used outside a task')
    return real
  }
  const files = simulatedFiles(
    through(() => behind().files),
    note,
    () => behind().user,
    () => pending().some(({ kind }) => kind !== 'file' && kind !== 'service'),
  )
  const packages = simulatedPackages(
    through(() => behind().packages),
    note,
    pending,
  )
  const services = simulatedServices(
    through(() => behind().services),
    note,
    pending,
  )
  const users = simulatedUsers(
    through(() => behind().users),
    note,
    pending,
  )
  return {
    forTask: (nextTask, nextReal) => {
      task = nextTask
      real = nextReal
      return {
        name,
        user: nextReal.user,
        files,
        packages,
        services,
        users,
        postgres: (address) => simulatedPostgres(nextReal.postgres(address), note),
        facts: () => nextReal.facts(),
        ask: (script, options) => {
          const stdout = options?.about === undefined ? undefined : left.get(options.about)
          return stdout === undefined ? nextReal.ask(script, options) : Promise.resolve(success(stdout))
        },
        run: (_script, { effect, leaves }) => {
          if (leaves !== undefined) left.set(effect.name, leaves)
          note(effect)
          return Promise.resolve(success(''))
        },
      }
    },
  }
}

function success(stdout: string): Answer {
  return { status: 0, stdout, stderr: '' }
}

/** A stand-in that forwards each call to whatever the part is at that moment. */
function through<T extends object>(part: () => T): T {
  return new Proxy({} as T, {
    get: (_, property) => {
      const target = part()
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
