import { lines, raw, sh, type Script } from '../../quote.ts'
import { detached } from './detached.ts'
import type { InstallOptions, RemoveOptions } from './packages.ts'
import { healPolicy, holdPolicy } from './policy.ts'

/** An apt-get command line after its common options. */
type Verb = readonly string[]

/** Before each transaction; it ends with what the verb ended with. */
export function transaction(verb: Verb, options: InstallOptions): Script {
  const dpkgOptions = (options.dpkgOptions ?? ['force-confdef', 'force-confold']).map((option) => `--${option}`)
  const timeout = options.lockTimeout ?? 300
  const settings = [
    ...['-q', '-y', '-o', `DPkg::Lock::Timeout=${timeout}`, '-o', 'Dpkg::Use-Pty=0'],
    ...dpkgOptions.flatMap((option) => ['-o', `Dpkg::Options::=${option}`]),
  ]
  return detached(
    lines(
      surroundings,
      patience(timeout),
      healPolicy,
      ...(options.policyRcD === undefined ? [] : [holdPolicy(options.policyRcD)]),
      repair(settings, dpkgOptions),
      ...(options.updateCache === true ? [sh`patiently ${refresh} && touch /var/lib/apt/lists || exit`] : []),
      ...(verb.length === 0 ? [] : [sh`patiently apt-get ${settings} ${verb}`]),
    ),
  )
}

export function installVerb(specs: readonly string[], options: InstallOptions): Verb {
  const versioned = specs.some((spec) => spec.includes('='))
  const flags: readonly (readonly [boolean | undefined, string])[] = [
    [options.recommends, '--install-recommends'],
    [options.recommends === false, '--no-install-recommends'],
    [options.upgrade !== true && !versioned, '--no-upgrade'],
    [options.allowDowngrade, '--allow-downgrades'],
    [options.allowHeld, '--allow-change-held-packages'],
    [options.allowUnauthenticated, '--allow-unauthenticated'],
    [options.autoremove, '--auto-remove'],
  ]
  const release = options.defaultRelease === undefined ? [] : ['-o', `APT::Default-Release=${options.defaultRelease}`]
  return [...flags.filter(([set]) => set === true).map(([, flag]) => flag), ...release, 'install', '--', ...specs]
}

export function removeVerb(names: readonly string[], options: RemoveOptions): Verb {
  const flags = [
    ...(options.allowHeld === true ? ['--allow-change-held-packages'] : []),
    ...(options.purge === true ? ['--purge'] : []),
  ]
  if (names.length === 0) return [...flags, 'autoremove']
  return [...flags, ...(options.autoremove === true ? ['--auto-remove'] : []), 'remove', '--', ...names]
}

/** A source that cannot be fetched is an error: an old index would bring old packages, or none. */
const refresh: Verb = ['apt-get', '-q', '-o', 'APT::Update::Error-Mode=any', 'update']

/**
 * Packages may keep the locale they are installed under (PostgreSQL makes its first cluster in it), so it is the host's own, or UTF-8; messages stay in
 * English, for they are read.
 */
const surroundings = raw(`unset LC_ALL LANGUAGE LC_CTYPE LC_COLLATE LC_MONETARY LC_NUMERIC LC_TIME
LANG=$([ -r /etc/default/locale ] && . /etc/default/locale; echo "\${LANG:-C.UTF-8}"); export LANG
LC_MESSAGES=C DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=a UCF_FORCE_CONFFOLD=1
export LC_MESSAGES DEBIAN_FRONTEND DEBIAN_PRIORITY APT_LISTCHANGES_FRONTEND NEEDRESTART_MODE UCF_FORCE_CONFFOLD
umask 022
trap 'exit 143' TERM INT`)

/** `patiently COMMAND…` tries again while another process holds a lock; not every lock of apt and dpkg can be waited for by option. */
function patience(seconds: number): Script {
  return sh`limit=$(($(date +%s) + ${seconds}))
patiently() {
  w=$(mktemp -d) || return
  while :; do
    { "$@" 2>&1; echo $? >"$w/status"; } | tee "$w/said"
    s=$(cat "$w/status")
    [ "$s" -ne 0 ] && [ "$(date +%s)" -lt "$limit" ] && grep -qE 'Could not get lock|is locked by another process|was locked by another process|is another process using it' "$w/said" || break
    sleep 1
  done
  rm -rf "$w"
  return "$s"
}`
}

/** Finishes what an interrupted dpkg left, before anything new begins. A package that was half unpacked cannot be configured: it is unpacked again. */
function repair(settings: readonly string[], dpkgOptions: readonly string[]): Script {
  const halfUnpacked = raw("dpkg-query -W -f '${db:Status-Eflag} ${binary:Package}\\n' | sed -n 's/^reinstreq //p'")
  return sh`if [ -n "$(ls -A /var/lib/dpkg/updates 2>/dev/null)$(dpkg --audit 2>/dev/null)" ]; then
  patiently dpkg ${dpkgOptions} --configure -a
  set -- $(${halfUnpacked})
  [ $# -eq 0 ] || patiently apt-get ${settings} --fix-broken --reinstall install -- "$@" || exit
  patiently apt-get ${settings} --fix-broken install || exit
fi`
}
