import type { HostReader } from '../../../host/host.ts'
import type { PostgresReader } from '../../../host/postgres/postgres.ts'
import { sh } from '../../../quote.ts'

/** One line of the server's log, with the lines that belong to its message. */
interface Entry {
  readonly pid: string
  readonly level: string
  readonly text: string
}

/**
 * Why the workers of a subscription ended, oldest first, from a piece of the server's log. A worker is known by its own first message, or by an error that
 * names the subscription.
 */
export function workerTroubles(log: string, subscription: string): readonly string[] {
  const own = new Set<string>()
  const mark = `subscription "${subscription}"`
  const troubles: string[] = []
  let open: string | undefined
  for (const { pid, level, text } of entries(log)) {
    if (level === 'LOG' && text.startsWith('logical replication') && text.includes(mark)) own.add(pid)
    if ((level === 'ERROR' || level === 'FATAL') && (own.has(pid) || (text.includes(mark) && /worker/.test(text)))) {
      troubles.push(text)
      open = pid
    } else if (level === 'DETAIL' && open === pid) troubles.push(`${troubles.pop() ?? ''} (${text})`)
  }
  return troubles
}

/** Lines without a head go on where the one before ended (libpq's messages have several). */
function entries(log: string): readonly Entry[] {
  const found: Entry[] = []
  for (const line of log.split('\n')) {
    const [, pid, level, text] =
      /\[(\d+)\][^:]*? (LOG|ERROR|FATAL|PANIC|WARNING|DETAIL|HINT|CONTEXT|STATEMENT):\s+(.*)$/.exec(line) ?? []
    const last = found.at(-1)
    if (pid !== undefined && level !== undefined && text !== undefined) found.push({ pid, level, text })
    else if (line.trim() !== '' && last !== undefined)
      found.splice(-1, 1, { ...last, text: `${last.text} ${line.trim()}` })
  }
  return found
}

/** The file that the server logs into: its own collector's, or the one Debian starts it with; undefined when neither is known. */
export async function logFileOf(server: PostgresReader): Promise<string | undefined> {
  const [row] = await server.query<{ own: string | null; cluster: string }>(
    `SELECT CASE WHEN pg_current_logfile() LIKE '/%' THEN pg_current_logfile() ELSE current_setting('data_directory') || '/' || pg_current_logfile() END AS own,
       current_setting('cluster_name') AS cluster`,
  )
  if (row === undefined) return undefined
  if (row.own !== null) return row.own
  return /^[\w.]+\/[\w.]+$/.test(row.cluster)
    ? `/var/log/postgresql/postgresql-${row.cluster.replace('/', '-')}.log`
    : undefined
}

/** Reads what is added to a log from now on. */
export function logFrom(host: HostReader, path: string): { readonly news: () => Promise<string> } {
  const start = host.ask(sh`wc -c <${path} 2>/dev/null || echo 0`).then(({ stdout }) => Number(stdout.trim()) || 0)
  start.catch(() => undefined)
  return {
    news: async () =>
      (await host.ask(sh`tail -c ${`+${(await start) + 1}`} ${path} 2>/dev/null | tail -n 2000`)).stdout,
  }
}
