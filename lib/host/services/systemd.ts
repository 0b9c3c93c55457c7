import { HostwrightError } from '../../error.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { Reply } from '../../connection/connection.ts'
import type { Ground } from '../ground.ts'
import { Unreadable } from '../unreadable.ts'
import type { JobOptions, ServiceWriter } from './services.ts'
import { parseShow, stateFrom, unitName } from './unit.ts'

/** What Ansible's users look at in `status`, and what states are made of. */
const properties = [
  ...['Id', 'Names', 'Description', 'LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'UnitFilePreset'],
  ...['FragmentPath', 'DropInPaths', 'SourcePath', 'NeedDaemonReload', 'Type', 'Restart', 'NRestarts', 'MainPID'],
  ...['Result', 'ExecMainStatus', 'ExecMainCode', 'CanReload', 'ActiveEnterTimestamp', 'InactiveEnterTimestamp'],
]

/** Seconds a start or stop may take; units have shorter limits of their own. */
const limit = 600

/**
 * The services of a real host that systemd runs.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemctl.html
 */
export function remoteServices(ground: Ground): ServiceWriter {
  const systemctl = async (verb: string, name: string, flags: readonly string[], doubt: Script) => {
    const unit = unitName(name)
    const reply = await ground.exec(
      sh`u=${unit}
systemctl --no-ask-password ${flags} ${verb} -- "$u"; s=$?
if [ $s -eq 0 ]; then { ${doubt} } && exit 0; s=1; fi
printf '\\001\\n' >&2
journalctl -u "$u" -n 10 --no-pager -o short-iso >&2 2>/dev/null
exit $s`,
      { timeout: limit },
    )
    if (reply.status !== 0) throw failed(ground, verb, unit, reply)
  }
  const job =
    (word: string, doubt = noDoubt) =>
    (name: string, { noBlock }: JobOptions = {}) =>
      systemctl(word, name, noBlock === true ? ['--no-block'] : [], noBlock === true ? noDoubt : doubt)
  const file =
    (word: string, doubt = noDoubt) =>
    (name: string) =>
      systemctl(word, name, [], doubt)

  return {
    state: async (name) => {
      // A unit that comes from an init script is `generated`; only is-enabled looks at the links of its runlevels.
      const reply = await ground.request(sh`u=${unitName(name)}
o=$(systemctl show --property=${properties.join(',')} -- "$u") || exit
printf '%s\\n' "$o"
case $o in *UnitFileState=generated*)
  echo SysV=yes
  systemctl is-enabled -- "$u" >/dev/null 2>&1 && echo UnitFileState=enabled || echo UnitFileState=disabled ;;
esac`)
      if (reply.status !== 0) throw noSystemd(ground, reply)
      return stateFrom(name, parseShow(reply.stdout.toString()))
    },
    units: async () => {
      const reply = await ground.request(raw('systemctl list-unit-files --no-legend --no-pager --full'))
      return parseUnitFiles(reply.stdout.toString())
    },
    managerNeedsReload: async () => {
      const reply = await ground.request(managerAge)
      if (reply.status !== 0) throw noSystemd(ground, reply)
      return reply.stdout.length > 0
    },
    start: job('start', running),
    stop: job('stop'),
    restart: job('restart', running),
    reload: job('reload', running),
    enable: file('enable'),
    disable: file('disable', disabled),
    mask: file('mask'),
    unmask: file('unmask'),
    daemonReload: async () => {
      const reply = await ground.exec(raw('systemctl daemon-reload'), { timeout: limit })
      if (reply.status !== 0) throw failed(ground, 'daemon-reload', 'systemd', reply)
    },
  }
}

const noDoubt = raw(':;')

/** For units that cannot tell when they are ready systemctl is content once a process exists; one that dies at once has not started. */
const running = raw(`case $(systemctl show --property=Type --value -- "$u") in simple|exec|idle) sleep 0.2 ;; esac
case $(systemctl show --property=ActiveState,SubState -- "$u" | tr '\\n' ' ') in
*=failed*|*=auto-restart*) echo "it was started, but did not stay up" >&2; false ;; esac;`)

const disabled = raw(`if [ "$(systemctl is-enabled -- "$u" 2>/dev/null)" = enabled-runtime ]; then
echo "it stays enabled by something in /run, such as a generator" >&2; false; fi;`)

/**
 * Prints the first file or folder of units that is newer than the manager's reading of them, which touches a file of its own. A generator's sources are not
 * seen; whatever makes them reloads systemd itself.
 */
const managerAge = raw(`systemctl show --property=Version >/dev/null || exit
r=/run/systemd/systemd-units-load
[ -e $r ] || { echo unknown; exit; }
find -L /etc/systemd/system /etc/systemd/system.conf /usr/local/lib/systemd/system /usr/lib/systemd/system /run/systemd/system -newer $r 2>/dev/null | head -n 1`)

/** The first column of `systemctl list-unit-files`. */
export function parseUnitFiles(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[0] ?? '')
    .filter((name) => name !== '')
}

function noSystemd(ground: Ground, reply: Reply): HostwrightError {
  const words = reply.stderr.toString().trim()
  return new Unreadable(`systemd does not answer on this host: ${words}`, 'package', {
    host: ground.name,
    next: 'services are managed through systemd; use command tasks on a host that another init runs',
  })
}

function failed(ground: Ground, verb: string, unit: string, reply: Reply): HostwrightError {
  const [words = '', journal = ''] = reply.stderr.toString().split('\u0001\n')
  return systemctlError(verb, unit, words, journal, { host: ground.name, rc: reply.status })
}

/** What systemctl could not do, with the last lines of the unit's journal. */
export function systemctlError(
  verb: string,
  unit: string,
  words: string,
  journal: string,
  { host, rc }: { readonly host: string; readonly rc?: number },
): HostwrightError {
  const said = words
    .trim()
    .split('\n')
    .filter((line) => !/^(See "|Job for .* failed)/.test(line))
  const first = words.trim().split('\n')[0] ?? ''
  const lines = journal.trim() === '-- No entries --' ? '' : journal.trim()
  const denied = /Interactive authentication required|Access denied|Permission denied/.test(words)
  return new HostwrightError(
    [`cannot ${verb} ${unit}: ${first}`, ...said.slice(1), ...(lines === '' ? [] : [lines])].join('\n'),
    {
      host,
      next: denied
        ? 'set become: true on the play or the task'
        : `see what the unit says: journalctl -u ${unit}; systemctl status ${unit}`,
      data: { ...(rc === undefined ? {} : { rc }), stderr: words.trim(), journal: lines },
    },
  )
}
