import { HostwrightError } from '../error.ts'
import { raw } from '../quote.ts'
import type { Facts } from './facts.ts'
import { parseFacts } from './facts/parse.ts'
import type { HostShell } from './host-shell.ts'

/** One section for each question; tools that a host lacks leave theirs empty. */
const questions = {
  uname: 'uname -n; uname -s; uname -r; uname -m; uname -v',
  fqdn: 'hostname -f 2>/dev/null',
  machine: 'cat /etc/machine-id 2>/dev/null',
  release: 'cat /etc/os-release /usr/lib/os-release 2>/dev/null',
  version: 'cat /etc/debian_version /etc/alpine-release 2>/dev/null',
  cpus: 'nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo',
  memory: 'cat /proc/meminfo',
  init: 'cat /proc/1/comm; [ -d /run/systemd/system ] && echo systemd; command -v rc-service',
  packages: 'for p in apt-get dnf yum zypper apk pacman; do command -v $p && break; done',
  virtual: 'systemd-detect-virt 2>/dev/null',
  addresses: 'ip -o addr show 2>/dev/null',
  routes: 'ip route show default 2>/dev/null; echo; ip -6 route show default 2>/dev/null',
  user: 'id -un; id -u; id -g; echo "$HOME"; getent passwd "$(id -un)" 2>/dev/null || grep "^$(id -un):" /etc/passwd',
  uptime: 'cat /proc/uptime',
  date: 'date "+%s %Y-%m-%d %H:%M:%S %Z %z"',
  mounts: 'df -P -k 2>/dev/null; echo; cat /proc/mounts',
  env: "env -0 2>/dev/null || env | tr '\\n' '\\000'",
} as const

const script = raw(
  Object.entries(questions)
    .map(([name, ask]) => `printf '\\001${name}\\n'; { ${ask}; } 2>/dev/null`)
    .join('\n'),
)

/** Asks a host for its facts, in one request. */
export async function gatherFacts(hostShell: HostShell): Promise<Facts> {
  const reply = await hostShell.request(script)
  const output = reply.stdout.toString()
  if (!output.includes('\u0001env\n'))
    throw new HostwrightError('the host did not tell its facts', {
      host: hostShell.name,
      next: 'see whether its disk or memory is full',
      data: { rc: reply.status, stderr: reply.stderr.toString() },
    })
  return parseFacts(output)
}
