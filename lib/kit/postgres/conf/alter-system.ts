import type { HostReader } from '../../../host/host.ts'
import { change, unchanged, type Plan } from '../../../play/module.ts'
import { parseConf } from './conf.ts'
import type { ConfResult, ConfWanted } from './conf-params.ts'
import { addressOf } from '../sql/login.ts'
import { owedBy, readSettings, refuseWrong, stateAfter } from './running.ts'
import { sameValue } from './setting.ts'
import { settingLiteral } from './setting-literal.ts'
import { rawSql, type Sql } from '../sql/sql.ts'

/** Settings the server keeps itself, in postgresql.auto.conf, which it reads last: nothing overrides them. */
export async function alterSystemPlan(
  host: HostReader,
  wanted: ConfWanted,
  settings: ReadonlyMap<string, string | null>,
): Promise<Plan<ConfResult>> {
  const address = addressOf(wanted)
  const server = host.postgres(address)
  const [running, [row]] = await Promise.all([
    readSettings(server, [...settings.keys()]),
    server.query<{ text: string; path: string }>(
      `SELECT pg_read_file('postgresql.auto.conf') AS text, current_setting('data_directory') || '/postgresql.auto.conf' AS path`,
    ),
  ])
  refuseWrong(host, running, settings)
  const kept = new Map(parseConf(row?.text ?? '').map(({ name, value }) => [name, value]))
  const drift = [...settings].filter(([name, value]) => {
    if (server.promised(statement(name, value).text)) return false
    const now = kept.get(name.toLowerCase())
    if (value === null || now === undefined) return (value === null) !== (now === undefined)
    return !sameValue(running.settings.get(name.toLowerCase()), now, value)
  })
  const given = new Map([...settings].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
  const owed = owedBy(running, given, drift.length > 0, false)
  const reloading = wanted.reload && (drift.length > 0 || owed.reload)
  const result: ConfResult = {
    path: row?.path ?? '',
    settings: Object.fromEntries(settings),
    reloaded: reloading,
    restart_required: owed.restart.length > 0,
    pending_restart: owed.restart,
    overridden: owed.overridden,
  }
  if (drift.length === 0 && !reloading) return unchanged(result)
  const diff =
    drift.length > 0
      ? {
          before: Object.fromEntries(drift.map(([name]) => [name, kept.get(name.toLowerCase()) ?? null])),
          after: Object.fromEntries(drift),
        }
      : owed.differ
  return change({
    diff: [
      { of: drift.length > 0 ? `ALTER SYSTEM at ${server.server}` : `running settings of ${server.server}`, ...diff },
    ],
    result,
    apply: async (applied) => {
      const writer = applied.postgres(address)
      const effect = { kind: 'database', name: 'configuration' } as const
      // Not allowed in a transaction; each statement is atomic by itself.
      for (const [name, value] of drift) await writer.execute(statement(name, value).text, undefined, effect)
      if (!reloading || !(await writer.reload())) return
      return { reloaded: true, ...(await stateAfter(host.name, writer, [...settings.keys()])) }
    },
  })
}

/** The name was checked to be letters, digits, underscores and dots. */
function statement(name: string, value: string | null): Sql {
  if (value === null) return rawSql(`ALTER SYSTEM RESET ${name}`)
  return rawSql(`ALTER SYSTEM SET ${name} TO ${settingLiteral(name, value).text}`)
}
