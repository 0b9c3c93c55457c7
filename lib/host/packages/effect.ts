import type { Effect } from '../pending-effects.ts'

/** A package that a simulated run would have installed. */
export interface PackageEffect extends Effect {
  readonly kind: 'package'
  /** Its services were kept from starting by a policy-rc.d. */
  readonly servicesHeldBack: boolean
}

export function packageEffect(name: string, policyRcD: number | undefined): PackageEffect {
  return { kind: 'package', name, servicesHeldBack: policyRcD !== undefined && policyRcD >= 100 && policyRcD !== 104 }
}

/** Is this an installed package, with what is known of its services? */
export function isPackageEffect<E extends Effect>(effect: E): effect is E & PackageEffect {
  return effect.kind === 'package' && 'servicesHeldBack' in effect
}

/**
 * The pending package a unit or user most likely comes from: the one whose name shares the longest beginning with it, else the newest.
 */
export function likelySource<E extends Effect>(name: string, pending: readonly E[]): (E & PackageEffect) | undefined {
  const packages = pending.filter((effect): effect is E & PackageEffect => isPackageEffect(effect))
  return packages.reduce<(E & PackageEffect) | undefined>(
    (best, next) => (best === undefined || shared(name, next.name) >= shared(name, best.name) ? next : best),
    undefined,
  )
}

function shared(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
