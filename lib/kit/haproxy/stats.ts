/** A server behind HAProxy, as its statistics have it. */
export interface ServerStats {
  /** HAProxy's word: UP, DOWN, MAINT, no check … */
  readonly status: string
  /** Whether HAProxy sends it connections. */
  readonly up: boolean
  /** What the last check found: L7OK, L4CON … */
  readonly check_status: string
  /** Sessions there are now. */
  readonly sessions: number
}

/** A proxy of HAProxy, as its statistics show it. */
export interface ProxyStats {
  /** Its servers by name. */
  readonly servers: Readonly<Record<string, ServerStats>>
  /** Names of the servers that are up. */
  readonly up: readonly string[]
}

/** The statistics as CSV: a line of names after `# `, then a line for each frontend, backend and server. */
export function parseStats(csv: string): Readonly<Record<string, ProxyStats>> {
  const [head = '', ...rows] = csv.split('\n').filter((line) => line !== '')
  const names = head.replace(/^# /, '').split(',')
  const proxies: Record<string, { servers: Record<string, ServerStats>; up: string[] }> = {}
  for (const row of rows) {
    const fields = row.split(',')
    const field = (name: string): string => fields[names.indexOf(name)] ?? ''
    const proxy = (proxies[field('pxname')] ??= { servers: {}, up: [] })
    const server = field('svname')
    if (server === 'FRONTEND' || server === 'BACKEND') continue
    const status = field('status')
    const up = /^UP/.test(status)
    proxy.servers[server] = { status, up, check_status: field('check_status'), sessions: Number(field('scur')) }
    if (up) proxy.up.push(server)
  }
  return proxies
}
