import { likelySource } from '../packages/effect.ts'
import type { Effect, PendingEffect } from '../pending-effects.ts'
import type { ServiceReader, ServiceState, ServiceWriter } from './services.ts'
import { stateFrom, templateOf, unitName } from './unit.ts'

const unitFolders = /^\/(?:etc|run|lib|usr\/lib|usr\/local\/lib)\/systemd\//

/** What a simulated run would have done to the services of one host. */
export interface ServicesMemory {
  readonly remembered: Map<string, Partial<ServiceState>>
  /** How many effects there were when the manager would last have read its units. */
  reloadedAt: number
}

export function servicesMemory(): ServicesMemory {
  return { remembered: new Map(), reloadedAt: 0 }
}

/**
 * Services of a simulated run: what would be started and enabled, remembered over what is. A unit the host does not know yet may come with what earlier tasks
 * would have brought: a unit file, or a package.
 *
 * @param pending - what this host's earlier tasks would have brought about.
 */
export function simulatedServices(
  real: ServiceReader,
  note: (effect: Effect) => void,
  pending: () => readonly PendingEffect[],
  memory: ServicesMemory = servicesMemory(),
): ServiceWriter {
  const { remembered } = memory
  const unitFiles = (effects: readonly PendingEffect[]) =>
    effects.filter((effect) => effect.kind === 'file' && unitFolders.test(effect.name)).map((effect) => effect.name)

  const state = async (name: string): Promise<ServiceState> => {
    const unit = unitName(name)
    const is = await real.state(name)
    const files = unitFiles(pending().slice(memory.reloadedAt)).some((file) => concerns(file, unit))
    const would = is.known ? is : (predicted(name, unit, pending(), unitFiles(pending())) ?? is)
    return { ...would, needsReload: is.known && (would.needsReload || files), ...remembered.get(unit) }
  }
  const becomes = (change: Partial<ServiceState>) => (name: string) => {
    const unit = unitName(name)
    remembered.set(unit, { ...remembered.get(unit), ...change })
    note({ kind: 'service', name })
    return Promise.resolve()
  }
  const active = { active: true, activeState: 'active' }

  return {
    state,
    units: () => real.units(),
    managerNeedsReload: async () =>
      unitFiles(pending().slice(memory.reloadedAt)).length > 0 ||
      (memory.reloadedAt === 0 && (await real.managerNeedsReload())),
    start: becomes(active),
    stop: becomes({ active: false, activeState: 'inactive' }),
    restart: becomes(active),
    reload: becomes({}),
    enable: becomes({ enabled: true }),
    disable: becomes({ enabled: false }),
    mask: becomes({ masked: true, enabled: false }),
    unmask: becomes({ masked: false }),
    daemonReload: () => {
      note({ kind: 'service', name: 'systemd' })
      memory.reloadedAt = pending().length
      for (const [unit, change] of remembered) remembered.set(unit, { ...change, needsReload: false })
      return Promise.resolve()
    },
  }
}

/** Is this file the unit's own, its template's, or a drop-in of either? */
function concerns(file: string, unit: string): boolean {
  return [unit, templateOf(unit)].some(
    (name) => name !== undefined && (file.endsWith(`/${name}`) || file.includes(`/${name}.d/`)),
  )
}

/** A unit that is not there yet, as what is pending would make it. Debian's packages enable and start what they bring. */
function predicted(
  name: string,
  unit: string,
  pending: readonly PendingEffect[],
  files: readonly string[],
): ServiceState | undefined {
  if (files.some((file) => concerns(file, unit)))
    return stateFrom(name, { Id: unit, LoadState: 'loaded', ActiveState: 'inactive', UnitFileState: 'disabled' })
  const source = likelySource(name, pending)
  if (source === undefined) return undefined
  return stateFrom(name, {
    Id: unit,
    LoadState: 'loaded',
    ActiveState: source.servicesHeldBack ? 'inactive' : 'active',
    UnitFileState: 'enabled',
  })
}
