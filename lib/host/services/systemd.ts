import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { Reply } from '../../connection/connection.ts'
import type { HostShell } from '../host-shell.ts'
import type { JobOptions, ServiceReader, ServiceWriter } from './services.ts'
import { unitName } from './unit.ts'

/** Seconds a start or stop may take; units have shorter limits of their own. */
const limit = 600

/**
 * The services of a real host that systemd runs.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemctl.html
 */
export function remoteServices(hostShell: HostShell, reader: ServiceReader): ServiceWriter {
  const systemctl = async (verb: string, name: string, flags: readonly string[], doubt: Script) => {
    const unit = unitName(name)
    const reply = await hostShell.exec(
      sh`u=${unit}
systemctl --no-ask-password ${flags} ${verb} -- "$u"; s=$?
if [ $s -eq 0 ]; then { ${doubt} } && exit 0; s=1; fi
printf '\\001\\n' >&2
journalctl -u "$u" -n 10 --no-pager -o short-iso >&2 2>/dev/null
exit $s`,
      { timeout: limit },
    )
    if (reply.status !== 0) throw failed(hostShell, verb, unit, reply)
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
    ...reader,
    start: job('start', running),
    stop: job('stop'),
    restart: job('restart', running),
    reload: job('reload', running),
    enable: file('enable'),
    disable: file('disable', disabled),
    mask: file('mask'),
    unmask: file('unmask'),
    daemonReload: async () => {
      const reply = await hostShell.exec(raw('systemctl daemon-reload'), { timeout: limit })
      if (reply.status !== 0) throw failed(hostShell, 'daemon-reload', 'systemd', reply)
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

function failed(hostShell: HostShell, verb: string, unit: string, reply: Reply): HostwrightError {
  const [words = '', journal = ''] = reply.stderr.toString().split('\u0001\n')
  return systemctlError(verb, unit, words, journal, { host: hostShell.name, rc: reply.status })
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
      data: { ...defined({ rc }), stderr: words.trim(), journal: lines },
    },
  )
}
