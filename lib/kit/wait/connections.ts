/** Linux's numbers for the states of TCP connections, under the names Ansible takes. */
const stateNumbers: Readonly<Record<string, string>> = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
}

/** The names of the states of TCP connections that `wait_for` knows. */
export const connectionStates = Object.keys(stateNumbers)

/** Which TCP connections count. */
export interface Connections {
  /** The local port. */
  readonly port: number
  /** Addresses whose connections do not count. */
  readonly exclude: readonly string[]
  /** The states of those that count. */
  readonly states: readonly string[]
}

/** How many connections to a port there are in /proc/net/tcp and tcp6. */
export function countConnections(table: string, { port, exclude, states }: Connections): number {
  const numbers = states.map((state) => stateNumbers[state])
  return table.split('\n').filter((line) => {
    const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/)
    if (!numbers.includes(state) || parseInt(local.split(':')[1] ?? '', 16) !== port) return false
    return !exclude.includes(address(remote.split(':')[0] ?? ''))
  }).length
}

/** An address as the kernel prints it: words of four bytes, each in the machine's order. IPv4 inside IPv6 is shown as IPv4. */
function address(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? [])
    .flatMap((word) => (word.match(/../g) ?? []).reverse())
    .map((byte) => parseInt(byte, 16))
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
