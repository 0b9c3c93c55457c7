import { simulatedFiles } from './files/overlay/overlay.ts'
import { filesMemory } from './files/overlay/overlay-places.ts'
import type { Answer, Host, HostReader } from './host.ts'
import type { Effect, PendingEffects } from './pending-effects.ts'
import { packagesMemory, simulatedPackages } from './packages/simulated.ts'
import { serversMemory, simulatedPostgres } from './postgres/simulated.ts'
import { servicesMemory, simulatedServices } from './services/simulated.ts'
import { simulatedUsers, usersMemory } from './users/simulated.ts'

/** A host on which applies change only what later reads see. One for each host and run, so that all tasks see the same. */
export interface SimulatedHost {
  /** The host for one task, whose effects carry its name; reads go to what was simulated, then to the real one. */
  forTask(task: string, real: HostReader): Host
}

export function simulateHost(name: string, pendingEffects: PendingEffects): SimulatedHost {
  const memory = {
    ...{ files: filesMemory(), packages: packagesMemory(), services: servicesMemory() },
    ...{ users: usersMemory(), servers: serversMemory(), commands: new Map<string, string>() },
    facts: new Map<string, unknown>(),
  }
  const pending = () => pendingEffects.effects(name)
  const mayCome = () => pending().some(({ kind }) => kind !== 'file' && kind !== 'service')
  return {
    forTask: (task, real) => {
      const note = (effect: Effect) => pendingEffects.note({ ...effect, host: name, task })
      return {
        name,
        user: real.user,
        files: simulatedFiles(real.files, note, () => real.user, mayCome, memory.files),
        packages: simulatedPackages(real.packages, note, pending, memory.packages),
        services: simulatedServices(real.services, note, pending, memory.services),
        users: simulatedUsers(real.users, note, memory.users),
        postgres: (address) => simulatedPostgres(real.postgres(address), note, memory.servers),
        facts: async () => ({ ...(await real.facts()), ...Object.fromEntries(memory.facts) }),
        progress: (line) => real.progress(line),
        ask: (script, options) => {
          const stdout = options?.about === undefined ? undefined : memory.commands.get(options.about)
          return stdout === undefined ? real.ask(script, options) : Promise.resolve(success(stdout))
        },
        run: (_script, { effect, leaves, facts = {} }) => {
          if (leaves !== undefined) memory.commands.set(effect.name, leaves)
          for (const [name, value] of Object.entries(facts)) memory.facts.set(name, value)
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
