import { defined } from '../../defined.ts'
import type { Effect, PendingEffect } from '../pending-effects.ts'
import { packageEffect } from './effect.ts'
import type { PackageReader, PackageState, PackageWriter, StatesOptions } from './packages.ts'
import { splitSpec, versionMatches } from './query.ts'

const unknownVersion = 'unknown'

/** What a simulated run would have done to the packages of one host. */
export interface PackagesMemory {
  readonly remembered: Map<string, PackageState>
  autoremoved: boolean
  refreshed: { readonly at: number; readonly effects: number }
}

export function packagesMemory(): PackagesMemory {
  return { remembered: new Map(), autoremoved: false, refreshed: { at: 0, effects: 0 } }
}

/**
 * Packages of a simulated run: what would be installed or removed, remembered over what is.
 *
 * @param pending - what this host's earlier tasks would have brought about.
 */
export function simulatedPackages(
  real: PackageReader,
  note: (effect: Effect) => void,
  pending: () => readonly PendingEffect[],
  memory: PackagesMemory = packagesMemory(),
): PackageWriter {
  const { remembered } = memory
  // A command may do anything, so it may add a source as well.
  const bringsSources = ({ kind, name }: PendingEffect) =>
    kind === 'command' || (kind === 'file' && name.startsWith('/etc/apt/'))
  const sourcesPending = () => pending().slice(memory.refreshed.effects).some(bringsSources)

  const states = async (specs: readonly string[], options?: StatesOptions) => {
    const actual = await real.states(specs, options)
    return specs.map((spec, i) => {
      const { name, version } = splitSpec(spec)
      const is = actual[i] ?? { name }
      const would = remembered.get(name) ?? remembered.get(is.name)
      if (would === undefined) return is
      const known = would.version === unknownVersion && version !== undefined ? { ...would, version } : would
      return { ...known, ...defined({ candidate: is.candidate }) }
    })
  }
  const updateCache = () => {
    memory.refreshed = { at: Math.floor(Date.now() / 1000), effects: pending().length }
    return Promise.resolve()
  }

  return {
    states,
    names: (prefix) => real.names(prefix),
    removable: () => (memory.autoremoved ? Promise.resolve([]) : real.removable()),
    cacheTime: async () => (sourcesPending() ? 0 : Math.max(memory.refreshed.at, await real.cacheTime())),
    updateCache,
    install: async (specs, options = {}) => {
      if (options.updateCache === true) await updateCache()
      memory.autoremoved ||= options.autoremove === true
      const now = await states(specs, { candidates: true, defaultRelease: options.defaultRelease })
      specs.forEach((spec, i) => {
        const { name, version } = splitSpec(spec)
        const is = now[i] ?? { name }
        const wanted = version?.includes('*') === true ? undefined : version
        const kept = options.upgrade !== true && is.version !== undefined && versionMatches(is.version, version)
        const next = kept ? is.version : (is.candidate ?? wanted)
        const state: PackageState = {
          name: is.name,
          version: next ?? unknownVersion,
          ...(is.held === true ? { held: true } : {}),
        }
        for (const key of new Set([name, is.name])) remembered.set(key, state)
        note(packageEffect(is.name, options.policyRcD))
      })
    },
    remove: async (names, options = {}) => {
      memory.autoremoved ||= options.autoremove === true
      const now = await states(names)
      for (const { name } of now) {
        remembered.set(name, { name, ...(options.purge === true ? {} : { residual: true }) })
        note({ kind: 'package', name })
      }
    },
  }
}
