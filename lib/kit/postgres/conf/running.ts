import { HostwrightError } from '../../../error.ts'
import type { HostReader } from '../../../host/host.ts'
import type { PostgresReader } from '../../../host/postgres/postgres.ts'
import type { Attributes } from '../../../play/module.ts'
import { didYouMean } from '../../../schema/index.ts'
import { complaint, sameValue, type Setting } from './setting.ts'

/** What a running server says of some of its settings. */
export interface Running {
  /** By name in small letters. */
  readonly settings: ReadonlyMap<string, Setting>
  /** Every setting it has. */
  readonly names: readonly string[]
  /** When it last read its configuration, in seconds since the epoch; Infinity in a simulated run that has had it read. */
  readonly loaded: number
}

export async function readSettings(server: PostgresReader, names: readonly string[]): Promise<Running> {
  const wanted = names.map((name) => name.toLowerCase())
  const [rows, loaded] = await Promise.all([
    server.query(
      `SELECT name, setting, unit, vartype, context, enumvals, min_val, max_val, boot_val, source, pending_restart FROM pg_settings WHERE lower(name) = ANY($1::text[])`,
      [wanted],
    ),
    server.loadTime(),
  ])
  const settings = new Map(
    (rows as readonly unknown[] as readonly Setting[]).map((row) => [row.name.toLowerCase(), row]),
  )
  const missing = wanted.some((name) => !settings.has(name) && !name.includes('.'))
  const all = missing ? await server.query<{ name: string }>('SELECT name FROM pg_settings') : []
  return { settings, names: all.map(({ name }) => name), loaded }
}

export interface Owed {
  /** The server has not read what its files say. */
  readonly reload: boolean
  /** These wait, or would after a reload, for a restart. */
  readonly restart: readonly string[]
  readonly overridden: Readonly<Record<string, string>>
  readonly differ: { readonly before: Attributes; readonly after: Attributes }
}

/** Given at start; no file goes before it. */
const fromOutside = new Set(['command line', 'environment variable'])
/** The session's own, or its role's or database's: tells nothing of what the server runs with. */
const fromSession = new Set(['client', 'session', 'user', 'database', 'database user', 'interactive', 'test'])
/** The server shows these in its own spelling. */
const respelt = new Set(['datestyle', 'timezone', 'log_timezone', 'intervalstyle'])

/**
 * What a running server still has to do for these settings of its files: reload or restart.
 *
 * @param writing - whether the files are about to be changed: then differences are the change's own.
 * @param newer - whether the file was changed since the server read it.
 */
export function owedBy(
  running: Running,
  settings: ReadonlyMap<string, string>,
  writing: boolean,
  newer: boolean,
): Owed {
  const judged = [...settings].flatMap(([name, value]) => {
    const setting = running.settings.get(name.toLowerCase())
    return setting === undefined ? [] : [{ name, value, setting }]
  })
  const overridden = judged.filter(({ setting }) => fromOutside.has(setting.source))
  const differing = judged.filter(({ setting, value }) => !fromOutside.has(setting.source) && differs(setting, value))
  // A setting that already has the wanted value needs a reload only: the files gave another value before.
  const restart = judged.filter(
    (one) =>
      (one.setting.pending_restart && !sameValue(one.setting, one.setting.setting, one.value)) ||
      (one.setting.context === 'postmaster' && differing.includes(one)),
  )
  // A setting that waits for a restart has been read already.
  const unread = differing.filter(({ setting }) => !setting.pending_restart)
  return {
    // Once a simulated run has had everything read, only restarts are left to tell.
    reload: !writing && running.loaded < Infinity && (newer || unread.length > 0),
    restart: restart.map(({ name }) => name),
    overridden: Object.fromEntries(overridden.map(({ name, setting }) => [name, setting.source])),
    differ:
      unread.length > 0
        ? {
            before: Object.fromEntries(unread.map(({ name, setting }) => [name, setting.setting])),
            after: Object.fromEntries(unread.map(({ name, value }) => [name, value])),
          }
        : { before: { configuration: 'changed since the server read it' }, after: { configuration: 'read again' } },
  }
}

function differs(setting: Setting, value: string): boolean {
  if (fromSession.has(setting.source) || setting.context.endsWith('backend') || respelt.has(setting.name.toLowerCase()))
    return false
  // The server replaces "choose for me" (-1, 0) by what it chose; whether it has yet to, `pending_restart` tells.
  const boot = setting.boot_val ?? ''
  if (setting.context === 'postmaster' && ['-1', '0'].includes(boot) && sameValue(setting, boot, value)) return false
  return !sameValue(setting, setting.setting, value)
}

/** What the server says after it has read its configuration again; an error in it throws. */
export async function stateAfter(
  host: string,
  server: PostgresReader,
  names: readonly string[],
): Promise<{ restart_required: boolean; pending_restart: readonly string[] }> {
  const wanted = names.map((name) => name.toLowerCase())
  const [pending, wrong] = await Promise.all([
    server.query<{ name: string }>(
      `SELECT name FROM pg_settings WHERE pending_restart AND lower(name) = ANY($1::text[])`,
      [wanted],
    ),
    server.query<{ sourcefile: string; sourceline: number; name: string | null; error: string }>(
      `SELECT f.sourcefile, f.sourceline, f.name, f.error FROM pg_file_settings f LEFT JOIN pg_settings s ON lower(s.name) = lower(f.name)
       WHERE f.error IS NOT NULL AND (f.name IS NULL OR (lower(f.name) = ANY($1::text[]) AND NOT coalesce(s.pending_restart, false)))`,
      [wanted],
    ),
  ])
  if (wrong.length > 0)
    throw new HostwrightError(
      `the server refuses its configuration: ${wrong.map((one) => `${one.sourcefile}:${one.sourceline}: ${one.name ?? ''} ${one.error}`).join('; ')}`,
      { host, next: 'correct the value; the file is as it was before' },
    )
  return { restart_required: pending.length > 0, pending_restart: pending.map(({ name }) => name) }
}

/** Throws for names and values that the running server would refuse, before anything is written. */
export function refuseWrong(host: HostReader, known: Running, settings: ReadonlyMap<string, string | null>): void {
  const wrong = [...settings].flatMap(([name, value]) => {
    const setting = known.settings.get(name.toLowerCase())
    // A name with a dot belongs to an extension that need not be loaded yet.
    if (setting === undefined)
      return name.includes('.') ? [] : [`there is no setting ${name}${didYouMean(name, known.names)}`]
    return value === null ? [] : (complaint(setting, value) ?? [])
  })
  if (wrong.length > 0)
    throw new HostwrightError(wrong.join('\n'), {
      kind: 'input',
      host: host.name,
      next: 'correct "settings"; nothing was written',
    })
}
