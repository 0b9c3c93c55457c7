import { lines, raw, sh, type Script } from '../../quote.ts'
import { TimedRegExp } from '../../regexp/timed.ts'
import { parsePolicy, parseProviders, type Offer } from './offers.ts'
import type { PackageState, StatesOptions } from './packages.ts'
import { stalePolicyTest } from './policy.ts'

/** `name`, `name:arch` or `name=version`, in parts. */
export function splitSpec(spec: string): { readonly name: string; readonly version?: string } {
  const at = spec.indexOf('=')
  return at < 0 ? { name: spec } : { name: spec.slice(0, at), version: spec.slice(at + 1) }
}

/** Does a version match one that was asked for, where `*` stands for anything? */
export function versionMatches(version: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true
  const pattern = wanted.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')
  return new TimedRegExp(`^${pattern}$`, '', wanted).test(version)
}

/** Status of a host that has no dpkg. */
export const noDpkg = 127
const section = '\u0001\n'
const cut = raw("printf '\\001\\n'")
const format = '${Package}\\t${Architecture}\\t${db:Status-Abbrev}\\t${Version}\\t${Provides}\\n'

/** Everything that {@link parseStates} reads. When dpkg does not know all the names, the lines that mention them may name a provider. */
export function statesScript(specs: readonly string[], options: StatesOptions): Script {
  const names = [...new Set(specs.map((spec) => splitSpec(spec).name))]
  // An architecture stands in a column of its own.
  const mentions = names.flatMap((name) => ['-e', name.replace(/:.*/, '')])
  const known = sh`command -v dpkg-query >/dev/null 2>&1 || exit ${noDpkg}
f=${format}
o=$(dpkg-query -W -f="$f" ${names} 2>/dev/null)
case $?"$o" in 0*"\tun "*|[!0]*) dpkg-query -W -f="$f" | grep -F ${mentions} ;; *) printf '%s\n' "$o" ;; esac
${cut}
${stalePolicyTest} && echo stale
${cut}`
  if (options.candidates !== true) return known
  const release = options.defaultRelease === undefined ? [] : ['-o', `APT::Default-Release=${options.defaultRelease}`]
  return lines(
    known,
    options.fresh === true ? freshIndex : raw('c='),
    sh`apt-cache $c ${release} policy ${names} 2>/dev/null
${cut}
apt-cache $c showpkg ${names} 2>/dev/null | sed -n '/^Package: /p;/^Reverse Provides:/,/^Package: /p'`,
  )
}

/** apt's lists in a folder of their own, starting from the host's, so that only what is new is fetched. */
const freshIndex = raw(`d=$(mktemp -d) || exit 1
trap 'rm -rf "$d"' EXIT
mkdir -p "$d/lists/partial"
cp -a /var/lib/apt/lists/. "$d/lists/" 2>/dev/null
c="-o Dir::State::Lists=$d/lists -o Dir::Cache::pkgcache=$d/pkgcache.bin -o Dir::Cache::srcpkgcache=$d/srcpkgcache.bin"
apt-get $c -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any -qq update >/dev/null`)

interface Line {
  readonly name: string
  readonly architecture: string
  readonly status: string
  readonly version: string
  readonly provides: readonly string[]
}

/** The states of what was asked for, in the order asked, from the output of {@link statesScript}. */
export function parseStates(specs: readonly string[], output: string): readonly PackageState[] {
  const [installed = '', policy = '', offered = '', provided = ''] = output.split(section)
  const found = parseInstalled(installed)
  const interrupted = policy.includes('stale')
  const offers = parsePolicy(offered)
  const providers = parseProviders(provided)
  return specs.map((spec) => {
    const { name, version } = splitSpec(spec)
    const offer = offerFor(name, version, offers, providers)
    const line = pick(name, found)
    const state = line === undefined ? { name, ...offer } : { ...describe(line), ...offer, name: named(name, line) }
    return interrupted ? { ...state, broken: true } : state
  })
}

/** One line for each package dpkg knows. */
export function parseInstalled(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => {
      const [name = '', architecture = '', status = '', version = '', provides = ''] = line.split('\t')
      return {
        name,
        architecture,
        status,
        version,
        provides: provides.split(',').map((part) => part.trim().split(' ')[0] ?? ''),
      }
    })
}

/** The package of this name, installed by preference; else an installed one that provides it. */
function pick(asked: string, found: readonly Line[]): Line | undefined {
  const [name = '', architecture] = asked.split(':')
  const own = found
    .filter((line) => line.name === name && (architecture === undefined || line.architecture === architecture))
    .filter((line) => line.status[1] !== 'n' || line.status.startsWith('h'))
  const providing = found.filter((line) => line.provides.includes(name) && isWhole(line.status))
  return (
    own.find((line) => isWhole(line.status)) ?? own.find((line) => line.status[1] !== 'n') ?? providing[0] ?? own[0]
  )
}

const named = (asked: string, line: Line): string => (asked.split(':')[0] === line.name ? asked : line.name)

/** dpkg's letters: i installed, W and t waiting for triggers; U unpacked, F half-configured, H half-installed, R must be reinstalled; c config files. */
const isWhole = (status: string): boolean => /^.[iWt] ?$/.test(status.slice(0, 3))

function describe({ name, status, version }: Line): PackageState {
  return {
    name,
    ...(isWhole(status) ? { version } : {}),
    ...(/^.[UFH]|^..R/.test(status) ? { broken: true } : {}),
    ...(status.startsWith('h') ? { held: true } : {}),
    ...(status[1] === 'c' ? { residual: true } : {}),
  }
}

function offerFor(
  name: string,
  version: string | undefined,
  offers: ReadonlyMap<string, Offer>,
  providers: ReadonlyMap<string, readonly { readonly name: string; readonly version: string }[]>,
): Pick<PackageState, 'candidate' | 'providers'> {
  const offer = offers.get(name) ?? offers.get(name.split(':')[0] ?? '')
  const candidate =
    version === undefined ? offer?.candidate : offer?.versions.find((offered) => versionMatches(offered, version))
  if (candidate !== undefined) return { candidate }
  const from = version === undefined ? (providers.get(name) ?? []) : []
  const names = [...new Set(from.map((provider) => provider.name))]
  return {
    ...(names.length === 1 && from[0] !== undefined ? { candidate: from[0].version } : {}),
    ...(names.length > 0 ? { providers: names } : {}),
  }
}
