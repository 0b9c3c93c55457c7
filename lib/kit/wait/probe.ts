import { HostwrightError } from '../../error.ts'
import type { HostReader } from '../../host/host.ts'
import { raw, sh } from '../../quote.ts'

const noTool = 125

/**
 * Connects from the host to a port. POSIX shells cannot, so whichever of bash, perl and nc is there does.
 *
 * @returns what the other side said within a second, if that is asked for; undefined when nobody listens.
 */
export async function connectFrom(
  host: HostReader,
  address: string,
  port: number,
  seconds: number,
  listen: boolean,
): Promise<string | undefined> {
  const answer = await host.ask(
    sh`h=${address} p=${port} t=${seconds} l=${listen ? 1 : ''}
if command -v bash >/dev/null 2>&1; then
  timeout "$t" bash -c ': <>"/dev/tcp/$0/$1"' "$h" "$p" || exit 1
  [ -z "$l" ] || timeout 1 bash -c 'exec 3<>"/dev/tcp/$0/$1"; cat <&3' "$h" "$p"
elif command -v perl >/dev/null 2>&1; then
  perl -MIO::Socket::IP -e '$s = IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2]) or exit 1;
    if ($ARGV[3]) { $| = 1; alarm 1; print $b while sysread $s, $b, 4096 }' "$h" "$p" "$t" "$l" || [ $? -eq 142 ]
elif command -v nc >/dev/null 2>&1; then
  if [ -n "$l" ]; then timeout "$t" nc -w 1 "$h" "$p" </dev/null; else timeout "$t" nc -w "$t" "$h" "$p" </dev/null >/dev/null; fi
else exit ${noTool}; fi
s=$?
[ $s -eq 0 ] || { [ -n "$l" ] && [ $s -eq 124 ]; }`,
    { timeout: seconds + 30 },
  )
  if (answer.status === noTool)
    throw new HostwrightError('the host has none of bash, perl and nc, which it takes to try a port', {
      next: 'install one of them, or wait for a path',
    })
  return answer.status === 0 ? answer.stdout : undefined
}

/** The kernel's table of TCP connections. */
export async function connectionTable(host: HostReader): Promise<string> {
  return (await host.ask(raw('cat /proc/net/tcp /proc/net/tcp6 2>/dev/null'))).stdout
}
