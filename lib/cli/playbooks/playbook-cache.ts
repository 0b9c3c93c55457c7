import { readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readOwn } from '../../own-folder.ts'
import { packageRoot } from '../../package-root.ts'
import { cacheFolder } from '../../cache-folder.ts'
import type { Compiled } from './compile-playbook.ts'
import type { Environment } from '../options/options.ts'
import { version } from '../version.ts'
import { digest } from '../../digest.ts'
import { writeWhole } from '../../whole-file.ts'

/** Goes up when the same sources are compiled to something else. */
const format = 2
const daysKept = 30

type Digests = readonly (readonly [path: string, digest: string])[]

/** How a playbook was compiled the last time. */
interface Kept {
  readonly maker: string
  readonly sources: Digests
  readonly files: Digests
  readonly entry: string
}

/**
 * The URL of a playbook's JavaScript, which is kept, and made anew when what it was made from has changed. `undefined` when it cannot be compiled or kept: then
 * it is left to a loader.
 */
export async function compiledPlaybook(file: string, env: Environment): Promise<string | undefined> {
  const path = realpathSync(file)
  const folder = cacheFolder(env, ['playbooks'], true)
  if (folder === undefined) return undefined
  const record = join(folder, `${digest(path)}.json`)
  const maker = `hostwright ${version()} at ${packageRoot}, format ${format}`
  const entry = keptEntry(folder, record, maker) ?? (await newEntry(path, folder, record, maker))
  return entry === undefined ? undefined : pathToFileURL(join(folder, entry)).href
}

function keptEntry(folder: string, record: string, maker: string): string | undefined {
  try {
    const kept = JSON.parse(readOwn(record)?.toString() ?? 'null') as Kept | null
    if (kept?.maker !== maker) return undefined
    const sourcesStay = kept.sources.every(([path, is]) => digest(readFileSync(path)) === is)
    const filesStay = kept.files.every(([name, is]) => digest(readOwn(join(folder, name)) ?? '') === is)
    return sourcesStay && filesStay ? kept.entry : undefined
  } catch {
    // Something of it has gone or is damaged.
    return undefined
  }
}

async function newEntry(path: string, folder: string, record: string, maker: string): Promise<string | undefined> {
  const { compilePlaybook } = await import('./compile-playbook.ts')
  const compiled = await compilePlaybook(path, maker)
  if (compiled === undefined) return undefined
  try {
    removeOld(dirname(folder))
    keep(compiled, folder, record, maker)
    return compiled.entry
  } catch {
    // The disk is full.
    return undefined
  }
}

/** Every file comes into its place whole, the record last, so that whoever starts at the same time meets no half of it. */
function keep({ files, sources, entry }: Compiled, folder: string, record: string, maker: string): void {
  const digests = (texts: ReadonlyMap<string, string>): Digests =>
    [...texts].map(([name, text]) => [name, digest(text)])
  const kept: Kept = { maker, sources: digests(sources), files: digests(files), entry }
  for (const [path, text] of [
    ...[...files].map(([name, text]) => [join(folder, name), text] as const),
    [record, JSON.stringify(kept)] as const,
  ]) {
    writeWhole(path, text)
  }
}

function removeOld(folder: string): void {
  const oldest = Date.now() - daysKept * 86_400_000
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    // Others that start now put files into their places, and take some away.
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isFile() === true && found.mtimeMs < oldest) rmSync(path, { force: true })
  }
}
