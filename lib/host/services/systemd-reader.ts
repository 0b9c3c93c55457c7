import type { HostwrightError } from '../../error.ts'
import { raw, sh } from '../../quote.ts'
import type { Reply } from '../../connection/connection.ts'
import { inBatches } from '../batch.ts'
import type { HostShell } from '../host-shell.ts'
import { Unreadable } from '../unreadable.ts'
import type { ServiceReader, ServiceState } from './services.ts'
import { parseShow, parseUnits, stateFrom, unitName } from './unit.ts'

/** What Ansible's users look at in `status`, and what states are made of. */
const properties = [
  ...['Id', 'Names', 'Description', 'LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'UnitFilePreset'],
  ...['FragmentPath', 'DropInPaths', 'SourcePath', 'NeedDaemonReload', 'Type', 'Restart', 'NRestarts', 'MainPID'],
  ...['Result', 'ExecMainStatus', 'ExecMainCode', 'CanReload', 'ActiveEnterTimestamp', 'InactiveEnterTimestamp'],
].join(',')

/** What can be asked of systemd; units that are asked for together are one request. */
export function systemdReader(hostShell: HostShell): ServiceReader {
  /** A unit that comes from an init script is `generated`; only is-enabled looks at the links of its runlevels. */
  const alone = async (name: string): Promise<ServiceState> => {
    const reply = await hostShell.request(sh`u=${unitName(name)}
o=$(systemctl show --property=${properties} -- "$u") || exit
printf '%s\n' "$o"
case $o in *UnitFileState=generated*)
  echo SysV=yes
  systemctl is-enabled -- "$u" >/dev/null 2>&1 && echo UnitFileState=enabled || echo UnitFileState=disabled ;;
esac`)
    if (reply.status !== 0) throw noSystemd(hostShell, reply)
    return stateFrom(name, parseShow(reply.stdout.toString()))
  }
  const together = inBatches(async (names) => {
    if (names.length === 1) return names.map(alone)
    const reply = await hostShell.request(sh`exec systemctl show --property=${properties} -- ${names.map(unitName)}`)
    const units = reply.status === 0 ? parseUnits(reply.stdout.toString()) : []
    return names.map((name, i) => {
      const unit = units.length === names.length ? units[i] : undefined
      return unit === undefined || unit['UnitFileState'] === 'generated' ? alone(name) : stateFrom(name, unit)
    })
  })

  return {
    // systemctl takes these for patterns, which match any number of units.
    state: (name) => (/[*?[]/.test(name) ? alone(name) : together(name)),
    units: async () => {
      const reply = await hostShell.request(raw('systemctl list-unit-files --no-legend --no-pager --full'))
      return parseUnitFiles(reply.stdout.toString())
    },
    managerNeedsReload: async () => {
      const reply = await hostShell.request(managerAge)
      if (reply.status !== 0) throw noSystemd(hostShell, reply)
      return reply.stdout.length > 0
    },
  }
}

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

function noSystemd(hostShell: HostShell, reply: Reply): HostwrightError {
  const words = reply.stderr.toString().trim()
  return new Unreadable(`systemd does not answer on this host: ${words}`, 'package', {
    host: hostShell.name,
    next: 'services are managed through systemd; use command tasks on a host that another init runs',
  })
}
