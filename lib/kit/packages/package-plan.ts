import { HostwrightError } from '../../error.ts'
import type { HostReader } from '../../host/host.ts'
import type { PackageState } from '../../host/packages/packages.ts'
import { splitSpec, versionMatches } from '../../host/packages/query.ts'
import type { Attributes, Diff } from '../../play/module.ts'
import { didYouMean } from '../../schema/index.ts'

/** One package that is not as it is wanted. */
export interface PackageStep {
  /** The package, as the user wrote it. */
  readonly spec: string
  /** The package as it is now. */
  readonly is: PackageState
  /** The version that will be there; undefined for none. */
  readonly version: string | undefined
}

/** What packages are to be. */
export type Wanted = 'present' | 'latest' | 'absent'

/** How packages are to be. */
export interface PackageWish {
  /** Their state. */
  readonly wanted: Wanted
  /** Whether configuration files go too, when a package is removed. */
  readonly purge: boolean
  /** Whether only what is installed is brought to a newer version. */
  readonly onlyUpgrade: boolean
  /** The release that candidates are taken from; the host's own choice by default. */
  readonly defaultRelease: string | undefined
  /** The index is to be refreshed before: candidates are judged by a fresh one, the host's own being left alone. */
  readonly refresh: boolean
  /** Whether packages that are held may change. */
  readonly allowHeld: boolean
}

/**
 * What has to be done so that all of these are as wanted.
 *
 * @param known - what is installed, when that is known; for `latest` it takes what is offered as well.
 */
export async function stepsFor(
  specs: readonly string[],
  wish: PackageWish,
  host: HostReader,
  known: readonly PackageState[] | undefined,
): Promise<readonly PackageStep[]> {
  const { defaultRelease, wanted } = wish
  const looking = { candidates: true, defaultRelease, fresh: wish.refresh }
  const states = known ?? (await host.packages.states(specs, looking))
  const off = specs.flatMap((spec, i) => {
    const is = states[i] ?? { name: spec }
    return isRight(spec, is, wish) || (wish.onlyUpgrade && is.version === undefined) ? [] : [{ spec, is }]
  })
  refuseHeld(off, wish)
  if (wanted === 'absent') return off.map(({ spec, is }) => ({ spec: splitSpec(spec).name, is, version: undefined }))
  if (off.length === 0) return []
  const missing = off.map(({ spec }) => spec)
  const offered = wanted === 'latest' ? undefined : await host.packages.states(missing, looking)
  const steps = off.map(({ spec, is }, i) => ({ spec, is, version: (offered?.[i] ?? is).candidate }))
  await refuseUnknown(steps, offered ?? states, wish, host)
  return steps.map((step) => ({ ...step, version: step.version ?? step.is.version ?? notOffered(step.spec) }))
}

function refuseHeld(off: readonly { readonly is: PackageState }[], { allowHeld }: PackageWish): void {
  const held = off.filter(({ is }) => is.held === true).map(({ is }) => is.name)
  if (held.length > 0 && !allowHeld)
    throw new HostwrightError(`held as they are, and would change: ${held.join(', ')}`, {
      next: 'release them (apt-mark unhold), or set allow_change_held_packages',
    })
}

/** Is a package as wanted? Pure. */
export function isRight(
  spec: string,
  is: PackageState,
  { wanted, purge }: Pick<PackageWish, 'wanted' | 'purge'>,
): boolean {
  // What only provides the name that is to go is not what was asked for.
  const other = is.name !== splitSpec(spec).name
  if (wanted === 'absent')
    return other || (is.version === undefined && is.broken !== true && !(purge && is.residual === true))
  if (is.version === undefined || is.broken === true) return false
  if (!versionMatches(is.version, splitSpec(spec).version)) return false
  return wanted === 'present' || is.candidate === undefined || is.candidate === is.version
}

const notOffered = (spec: string): string => splitSpec(spec).version ?? 'newest'

/** A name that no source has is an error at once, unless the index is old or about to change: then the install will see. */
async function refuseUnknown(
  steps: readonly PackageStep[],
  offered: readonly PackageState[],
  wish: PackageWish,
  host: HostReader,
): Promise<void> {
  const ambiguous = offered.find(
    ({ version, candidate, providers = [] }) =>
      version === undefined && candidate === undefined && providers.length > 1,
  )
  if (ambiguous !== undefined)
    throw new HostwrightError(
      `"${ambiguous.name}" is a virtual package that several provide: ${ambiguous.providers?.join(', ') ?? ''}`,
      { next: 'name one of them' },
    )
  const unknown = steps.find(
    ({ spec, is, version }) =>
      version === undefined && !(is.version !== undefined && versionMatches(is.version, splitSpec(spec).version)),
  )
  if (unknown === undefined) return
  const age = Date.now() / 1000 - (await host.packages.cacheTime())
  if (age > 86_400 && !wish.refresh) return
  const { name, version } = splitSpec(unknown.spec)
  const near = version === undefined ? didYouMean(name, await host.packages.names(name.slice(0, 3))) : ''
  throw new HostwrightError(
    `no package "${name}"${version === undefined ? '' : ` of version ${version}`} in the host's sources${near}`,
    { next: 'check the name, add the repository that has it, or set update_cache: true if the index may be old' },
  )
}

/** Packages with their versions before and after. */
export function packageDiff(steps: readonly PackageStep[], others: readonly string[] = []): readonly Diff[] {
  const attributes = (of: (step: PackageStep) => string): Attributes =>
    Object.fromEntries(steps.map((step) => [step.is.name, of(step)]))
  const gone = (state: string): Attributes => Object.fromEntries(others.map((name) => [name, state]))
  return [
    {
      of: 'packages',
      before: { ...attributes(({ is }) => describe(is)), ...gone('installed, not needed') },
      after: { ...attributes(({ version }) => version ?? 'absent'), ...gone('absent') },
    },
  ]
}

function describe(is: PackageState): string {
  if (is.broken === true) return `${is.version ?? 'absent'} (interrupted)`
  return is.version ?? (is.residual === true ? 'absent (configuration kept)' : 'absent')
}

/** A name apt would take as something else (a pattern, a removal) is refused before a host is touched. */
export function nameComplaints(specs: readonly string[]): readonly string[] {
  return specs.flatMap((spec) => {
    if (
      /^[A-Za-z0-9][A-Za-z0-9+.-]*(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~*-]+)?$/.test(spec) &&
      !/-$/.test(splitSpec(spec).name)
    )
      return []
    return [`"name" must list packages such as "curl" or "curl=7.88*", not ${JSON.stringify(spec)}`]
  })
}
