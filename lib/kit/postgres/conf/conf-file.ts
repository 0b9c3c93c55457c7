import { posix } from 'node:path'
import { asHostwrightError, HostwrightError } from '../../../error.ts'
import type { FileReader, FileStat } from '../../../host/files/files.ts'
import type { Host, HostReader } from '../../../host/host.ts'
import type { PostgresReader } from '../../../host/postgres/postgres.ts'
import { Unreadable } from '../../../host/unreadable.ts'
import { change, unchanged, type Diff, type Plan } from '../../../play/module.ts'
import { putBack } from '../../files/put-back.ts'
import { editConf, wholeConf } from './conf.ts'
import type { ConfResult, ConfWanted } from './conf-params.ts'
import { readConfTree, rememberingReader, type ConfTree } from './conf-tree.ts'
import { addressOf } from '../sql/login.ts'
import { mendedFiles, overridesOf, withFile, type Override } from './overrides.ts'
import { configFolder, dataFolder, mainConfOf } from '../cluster/place.ts'
import { ifUp, newerThanLoad } from './reload.ts'
import { owedBy, readSettings, refuseWrong, stateAfter, type Running } from './running.ts'
import { sameValue } from './setting.ts'

/** Settings in a file, and nothing read after it that says otherwise. */
export async function confFilePlan(
  host: HostReader,
  wanted: ConfWanted,
  settings: ReadonlyMap<string, string | null>,
): Promise<Plan<ConfResult>> {
  const server = host.postgres(addressOf(wanted))
  const found = await findConf(host, server, wanted, [...settings.keys()])
  const { path, known } = found
  if (known !== undefined) refuseWrong(host, known, settings)
  const kept = new Map([...settings].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
  const edits = editsOf(found, wanted.overwrite, settings, kept)
  const newer = known === undefined ? false : await newerThanLoad(host, path, found.stat, known.loaded)
  const owed = known === undefined ? undefined : owedBy(known, kept, edits.any, newer)
  const reloading = wanted.reload && owed !== undefined && (owed.reload || edits.any)
  const result: ConfResult = {
    path,
    settings: Object.fromEntries(settings),
    reloaded: reloading,
    restart_required: (owed?.restart.length ?? 0) > 0,
    pending_restart: owed?.restart ?? [],
    overridden: owed?.overridden ?? {},
  }
  if (!edits.any && !reloading) return unchanged(result)
  const running = { of: `running settings of ${server.server}`, ...(owed?.differ ?? { before: {}, after: {} }) }
  return change({
    diff: edits.any ? diffOf(found, edits) : [running],
    result,
    apply: async (applied) => {
      await write(applied, wanted, found, edits)
      if (!reloading) return
      return reloadOrUndo(applied, wanted, kept, edits.rewritten ? { path, text: found.text } : undefined)
    },
  })
}

interface ConfPlace {
  /** The file with the settings. */
  readonly path: string
  /** The server's main file. */
  readonly main: string
  /** The data directory, where it is known without asking. */
  readonly data: string | undefined
}

interface FoundConf extends ConfPlace {
  /** What the running server says; undefined when none runs. */
  readonly known: Running | undefined
  readonly text: string | undefined
  readonly stat: FileStat | undefined
  readonly mainStat: FileStat | undefined
  readonly mainBefore: string
  /** The main file with the line that has our file read, where that is missing. */
  readonly mainText?: string
  readonly tree: ConfTree
}

/** Reads in one round trip what is most likely needed, and then what that includes. */
async function findConf(
  host: HostReader,
  server: PostgresReader,
  wanted: ConfWanted,
  names: readonly string[],
): Promise<FoundConf> {
  const up = ifUp(readSettings(server, names))
  const place = placeOf(wanted)
  const { path, main, data } = place
  const files = rememberingReader(host.files)
  const [known, now, stat, mainStat] = await Promise.all([
    ...([up, files.read(path), files.stat(path), files.stat(main)] as const),
    ...[
      files.read(main),
      files.list(posix.dirname(path)),
      ...(data === undefined ? [] : [files.read(`${data}/postgresql.auto.conf`)]),
    ],
  ])
  const including = await readIncluding(host, files, main, data, path)
  const mainBefore = (await files.read(main))?.toString() ?? ''
  return { ...place, ...including, known, text: now?.toString(), stat, mainStat, mainBefore }
}

interface ConfEdits {
  /** The text of our file. */
  readonly fresh: string
  /** It differs from what is there. */
  readonly rewritten: boolean
  /** Lines of other files that win over ours. */
  readonly overrides: readonly Override[]
  /** Those files without them. */
  readonly mended: ReadonlyMap<string, string>
  readonly any: boolean
}

function editsOf(
  { tree, path, main, mainText, text, known }: FoundConf,
  overwrite: boolean,
  settings: ReadonlyMap<string, string | null>,
  kept: ReadonlyMap<string, string>,
): ConfEdits {
  const same = (name: string, one: string, other: string) =>
    sameValue(known?.settings.get(name.toLowerCase()), one, other)
  const fresh = overwrite ? wholeConf(header, text, settings, same) : editConf(text ?? `${header}\n`, settings, same)
  const overrides = overridesOf(withFile(tree, path, fresh), path, kept, same)
  const mended = new Map([
    ...(mainText === undefined ? [] : [[main, mainText] as const]),
    ...mendedFiles(tree, overrides, path),
  ])
  const rewritten = fresh !== (text ?? '')
  return { fresh, rewritten, overrides, mended, any: rewritten || mended.size > 0 }
}

function diffOf({ path, text, main, mainBefore, tree }: FoundConf, { fresh, rewritten, mended }: ConfEdits): Diff[] {
  const before = (file: string) => (file === main ? mainBefore : (tree.texts.get(file) ?? ''))
  return [
    ...(rewritten ? [{ of: path, before: text ?? '', after: fresh }] : []),
    ...[...mended].map(([of, after]) => ({ of, before: before(of), after })),
  ]
}

/** Lines of ALTER SYSTEM go by ALTER SYSTEM where a server runs: it writes that file itself. */
async function write(
  applied: Host,
  wanted: ConfWanted,
  { path, text, known, mainStat, tree }: FoundConf,
  { fresh, rewritten, overrides, mended }: ConfEdits,
): Promise<void> {
  const owner = mainStat === undefined ? {} : { owner: mainStat.owner, group: mainStat.group }
  if (rewritten)
    await writeConf(applied, path, fresh, {
      ...(text === undefined ? { ...owner, mode: '0644' } : {}),
      backup: wanted.backup,
    })
  for (const [file, content] of mended)
    if (file === tree.auto && known !== undefined)
      for (const name of new Set(overrides.filter((one) => one.file === file).map((one) => one.name)))
        await applied
          .postgres(addressOf(wanted))
          .execute(`ALTER SYSTEM RESET ${name}`, undefined, { kind: 'database', name: 'configuration' })
    else await applied.files.write(file, Buffer.from(content))
}

const header = '# Written by hostwright (pg_conf).'

function placeOf(wanted: ConfWanted): ConfPlace {
  const folder = wanted.version === undefined ? undefined : configFolder(wanted.version, wanted.cluster)
  const path = wanted.path ?? `${folder ?? ''}/conf.d/hostwright.conf`
  const main =
    wanted.config_file ??
    (folder !== undefined && wanted.path === undefined ? `${folder}/postgresql.conf` : mainConfOf(path))
  const debian = wanted.version !== undefined && main.startsWith('/etc/postgresql/')
  return { path, main, data: debian ? dataFolder(wanted.version, wanted.cluster) : undefined }
}

/** The configuration with this file in it: Debian's conf.d is made to be read where the main file does not have it read yet. */
async function readIncluding(
  host: HostReader,
  files: Pick<FileReader, 'read' | 'list'>,
  main: string,
  data: string | undefined,
  path: string,
): Promise<{ tree: ConfTree; mainText?: string }> {
  const tree = await readConfTree(files, main, data)
  if (tree === undefined) throw noCluster(host, main)
  const folder = posix.join(posix.dirname(main), 'conf.d')
  if (path === main || tree.files.includes(path)) return { tree }
  if (posix.dirname(path) === folder && tree.directories.includes(folder))
    return { tree: { ...tree, files: [...tree.files, path] } }
  if (posix.dirname(path) !== folder) throw notIncluded(host, path, main)
  const mainText = `${tree.texts.get(main)?.replace(/\n*$/, '\n') ?? ''}include_dir = 'conf.d'\n`
  const changed = {
    ...files,
    read: (file: string) => (file === main ? Promise.resolve(Buffer.from(mainText)) : files.read(file)),
  }
  const then = await readConfTree(changed, main, data)
  if (then === undefined) throw noCluster(host, main)
  return { tree: then, mainText }
}

async function writeConf(
  host: Host,
  path: string,
  text: string,
  options: { owner?: string; group?: string; mode?: string; backup: boolean },
): Promise<void> {
  const { backup, ...attributes } = options
  if ((await host.files.stat(posix.dirname(path))) === undefined)
    await host.files.makeDirectory(posix.dirname(path), {
      ...attributes,
      ...(attributes.mode === undefined ? {} : { mode: '0755' }),
    })
  await host.files.write(path, Buffer.from(text), { ...attributes, backup })
}

/** A file the server refuses is put back as it was: the next restart would fail on it. */
async function reloadOrUndo(
  host: Host,
  wanted: ConfWanted,
  settings: ReadonlyMap<string, string>,
  written: { path: string; text: string | undefined } | undefined,
) {
  const server = host.postgres(addressOf(wanted))
  if (!(await server.reload())) return
  try {
    return { reloaded: true, ...(await stateAfter(host.name, server, [...settings.keys()])) }
  } catch (error) {
    if (written !== undefined) {
      const back = await putBack(host, written.path, written.text)
      await server.reload()
      if (!back) throw notPutBack(error, written.path)
    }
    throw error
  }
}

function notPutBack(error: unknown, path: string): HostwrightError {
  const { message, host = '', data } = asHostwrightError(error)
  return new HostwrightError(message, {
    ...{ host, data, cause: error },
    next: `correct the settings and ${path}: others have changed it since, so that it could not be put back`,
  })
}

function noCluster(host: HostReader, main: string): Unreadable {
  return new Unreadable(`there is no cluster: ${main} does not exist`, 'cluster', {
    host: host.name,
    next: 'create it first (pg_cluster, or pg_basebackup for a standby), or correct version, cluster or path',
  })
}

function notIncluded(host: HostReader, path: string, main: string): HostwrightError {
  return new HostwrightError(`the server would not read ${path}: ${main} does not include it`, {
    host: host.name,
    next: `add include_dir = 'conf.d' to ${main} (lineinfile), or give another path`,
  })
}
