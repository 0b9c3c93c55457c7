import { posix } from 'node:path'
import { asHostwrightError, HostwrightError } from '../../../error.ts'
import type { FileReader } from '../../../host/files/files.ts'
import type { Host, HostReader } from '../../../host/host.ts'
import { Unreadable } from '../../../host/unreadable.ts'
import { change, unchanged, type Diff, type Plan } from '../../../play/module.ts'
import { putBack } from '../../files/put-back.ts'
import { editConf, wholeConf } from './conf.ts'
import type { ConfResult, ConfWanted } from './conf-params.ts'
import { readConfTree, rememberingReader, type ConfTree } from './conf-tree.ts'
import { addressOf } from '../sql/login.ts'
import { mendedFiles, overridesOf, withFile } from './overrides.ts'
import { configFolder, dataFolder, mainConfOf } from '../cluster/place.ts'
import { ifUp, newerThanLoad } from './reload.ts'
import { owedBy, readSettings, refuseWrong, stateAfter, type Owed } from './running.ts'
import { sameValue } from './setting.ts'

/** Settings in a file, and nothing read after it that says otherwise. */
export async function confFilePlan(
  host: HostReader,
  wanted: ConfWanted,
  settings: ReadonlyMap<string, string | null>,
): Promise<Plan<ConfResult>> {
  const address = addressOf(wanted)
  const server = host.postgres(address)
  const up = ifUp(readSettings(server, [...settings.keys()]))
  const { path, main, data } = placeOf(wanted)
  const files = rememberingReader(host.files)
  // Asked together: what is most likely needed.
  const [known, now, stat, mainStat] = await Promise.all([
    ...([up, files.read(path), files.stat(path), files.stat(main)] as const),
    ...[
      files.read(main),
      files.list(posix.dirname(path)),
      ...(data === undefined ? [] : [files.read(`${data}/postgresql.auto.conf`)]),
    ],
  ])
  const { tree, mainText } = await readIncluding(host, files, main, data, path)
  if (known !== undefined) refuseWrong(host, known, settings)
  const definition = (name: string) => known?.settings.get(name.toLowerCase())
  const same = (name: string, one: string, other: string) => sameValue(definition(name), one, other)

  const text = now?.toString()
  const fresh = wanted.overwrite
    ? wholeConf(header, text, settings, same)
    : editConf(text ?? `${header}\n`, settings, same)
  const kept = new Map([...settings].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
  const entries = withFile(tree, path, fresh)
  const overrides = overridesOf(entries, path, kept, same)
  const mended = new Map([
    ...(mainText === undefined ? [] : [[main, mainText] as const]),
    ...mendedFiles(tree, overrides, path),
  ])
  const otherwise = mended.size > 0
  const rewritten = fresh !== (text ?? '')

  const owed: Owed | undefined =
    known === undefined
      ? undefined
      : owedBy(known, kept, rewritten || otherwise, await newerThanLoad(host, path, stat, known.loaded))
  const reloading = wanted.reload && owed !== undefined && (owed.reload || rewritten || otherwise)
  const result: ConfResult = {
    path,
    settings: Object.fromEntries(settings),
    reloaded: reloading,
    restart_required: (owed?.restart.length ?? 0) > 0,
    pending_restart: owed?.restart ?? [],
    overridden: owed?.overridden ?? {},
  }
  if (!rewritten && !otherwise && !reloading) return unchanged(result)
  const mainBefore = (await files.read(main))?.toString() ?? ''
  const before = (file: string) => (file === main ? mainBefore : (tree.texts.get(file) ?? ''))
  const diff: Diff[] = [
    ...(rewritten ? [{ of: path, before: text ?? '', after: fresh }] : []),
    ...[...mended].map(([of, after]) => ({ of, before: before(of), after })),
    ...(rewritten || otherwise
      ? []
      : [{ of: `running settings of ${server.server}`, ...(owed?.differ ?? { before: {}, after: {} }) }]),
  ]
  return change({
    diff,
    result,
    apply: async (applied) => {
      const owner = mainStat === undefined ? {} : { owner: mainStat.owner, group: mainStat.group }
      if (rewritten)
        await writeConf(applied, path, fresh, {
          ...(now === undefined ? { ...owner, mode: '0644' } : {}),
          backup: wanted.backup,
        })
      for (const [file, content] of mended)
        if (file === tree.auto && known !== undefined)
          for (const name of new Set(overrides.filter((one) => one.file === file).map((one) => one.name)))
            await applied
              .postgres(address)
              .execute(`ALTER SYSTEM RESET ${name}`, undefined, { kind: 'database', name: 'configuration' })
        else await applied.files.write(file, Buffer.from(content))
      if (!reloading || known === undefined) return
      return reloadOrUndo(applied, wanted, kept, rewritten ? { path, text } : undefined)
    },
  })
}

const header = '# Written by hostwright (pg_conf).'

function placeOf(wanted: ConfWanted): { path: string; main: string; data: string | undefined } {
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
