import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

export interface Server {
  readonly client: pg.Client
  readonly data: string
  /** The folder of its socket. */
  readonly socket: string
}

/** The newest version that is installed. */
export function installedVersion(): string {
  const servers = readdirSync('/usr/lib/postgresql').filter((version) =>
    existsSync(`/usr/lib/postgresql/${version}/bin/initdb`),
  )
  const [newest] = servers.sort((a, b) => Number(b) - Number(a))
  if (newest === undefined) throw new Error('no PostgreSQL server is installed')
  return newest
}

/** A server in a folder of its own, reached by its socket; as root it belongs to postgres. */
export async function withServer(use: (server: Server) => Promise<void>): Promise<void> {
  const programs = `/usr/lib/postgresql/${installedVersion()}/bin`
  const folder = mkdtempSync('/tmp/hostwright-pg-')
  const data = join(folder, 'data')
  const run = (program: string, ...args: string[]) => {
    const command = [join(programs, program), ...args]
    const own =
      process.getuid?.() === 0
        ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
        : command
    execFileSync(own[0] ?? '', own.slice(1), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  chmodSync(folder, 0o777)
  try {
    run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--no-locale', '-E', 'UTF8')
    run(
      'pg_ctl',
      '-D',
      data,
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      `-k ${folder} -c listen_addresses= -c fsync=off`,
      'start',
    )
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' })
    try {
      await client.connect()
      await use({ client, data, socket: folder })
    } finally {
      await client.end()
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
