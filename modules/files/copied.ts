import { posix } from 'node:path'
import type { FileReader, FileStat } from '../../lib/host/files/files.ts'
import type { HostReader } from '../../lib/host/host.ts'
import { change, unchanged, type Plan } from '../../lib/play/module.ts'
import { fresh, infoAfter, type FileInfo } from './attributes.ts'
import { contentDiff, hashOf, longestShown } from './content.ts'
import type { WriteParams } from './parameters.ts'
import { planFile, type FilePlan } from './replacement.ts'

export interface CopyResult extends FileInfo {
  readonly dest: string
  readonly src?: string
  /** SHA-1 in hexadecimal, as Ansible returns it; of a file. */
  readonly checksum?: string
  readonly msg?: string
  readonly backup_file?: string
}

export interface CopyParams extends WriteParams {
  readonly dest: string
  readonly src?: string
  readonly force: boolean
  readonly follow: boolean
  readonly directory_mode?: string
}

/** Content on its way to a host. */
export interface Sending {
  readonly bytes: Buffer
  /** What it is called in a directory that is given as its destination. */
  readonly name?: string | undefined
  /** Where it is on this machine, so that a large file can be streamed. */
  readonly file?: string
}

/** Brings content to a path, or into the directory there. */
export async function planCopy(host: HostReader, params: CopyParams, sending: Sending): Promise<Plan<CopyResult>> {
  const asked = params.dest.endsWith('/') && sending.name !== undefined
  const first = asked ? posix.join(params.dest, sending.name ?? '') : params.dest
  const seen = await look(host.files, first, params.follow)
  const inside = seen.stat?.type === 'directory' && sending.name !== undefined
  const path = inside ? posix.join(first, sending.name ?? '') : first
  const now = inside ? await look(host.files, path, params.follow) : seen
  const parent = posix.dirname(path)
  const folderMissing =
    asked && now.stat === undefined && (await host.files.stat(parent, { follow: true })) === undefined

  const about = {
    dest: path,
    ...(params.src === undefined ? {} : { src: params.src }),
    checksum: hashOf(sending.bytes, 'sha1'),
  }
  if (now.stat !== undefined && !params.force)
    return unchanged({ ...about, ...infoOf(now.stat), msg: 'file already exists' })
  const plan = await planSending(host, path, params, sending, now)
  const result = { ...about, ...plan.info }
  if (!plan.changed) return unchanged(result)
  return change({
    diff: [
      ...(folderMissing ? [{ of: parent, before: { state: 'absent' }, after: { state: 'directory' } }] : []),
      ...plan.diff,
    ],
    result,
    apply: async (writable) => {
      const { owner, group, directory_mode: mode } = params
      if (folderMissing) await writable.files.makeDirectory(parent, { owner, group, mode })
      return plan.apply(writable)
    },
  })
}

/** What is at the destination, in one round trip unless a link is there. */
export interface Seen {
  /** What the path leads to; a link itself where links are to be replaced. */
  readonly stat: FileStat | undefined
  readonly sha256: string | undefined
}

export async function look(files: FileReader, path: string, follow: boolean): Promise<Seen> {
  const [lstat, sum] = await Promise.allSettled([files.stat(path), files.sha256(path)])
  if (lstat.status === 'rejected') throw lstat.reason
  const link = lstat.value?.type === 'link'
  const target = link ? await files.stat(path, { follow: true }) : lstat.value
  if (target?.type === 'directory') return { stat: target, sha256: undefined }
  if (sum.status === 'rejected') throw sum.reason
  return { stat: link && !follow ? lstat.value : target, sha256: sum.value }
}

/** One file that is to have these bytes. */
export function planSending(
  host: HostReader,
  path: string,
  { owner, group, mode, follow, ...options }: WriteParams & { readonly follow: boolean },
  { bytes, file }: Sending,
  { stat, sha256 }: Seen,
): Promise<FilePlan> {
  const replaced = stat?.type === 'link' && !follow
  return planFile(
    host,
    {
      path,
      wanted: { owner, group, mode },
      size: bytes.length,
      follow,
      options,
      write: (files, writeOptions) =>
        file !== undefined && bytes.length > longestShown
          ? files.upload(path, file, writeOptions)
          : files.write(path, bytes, writeOptions),
    },
    {
      stat,
      same: !replaced && sha256 === hashOf(bytes, 'sha256'),
      diff: async () => {
        const shown = stat === undefined || stat.size > longestShown ? undefined : await host.files.read(path)
        return stat !== undefined && shown === undefined && !replaced
          ? {
              of: path,
              before: { size: stat.size, sha256 },
              after: { size: bytes.length, sha256: hashOf(bytes, 'sha256') },
            }
          : contentDiff(path, shown, bytes)
      },
    },
  )
}

function infoOf(stat: FileStat): FileInfo {
  return infoAfter(stat.type === 'directory' ? 'directory' : 'file', { ...fresh(stat.owner, 0, 0), ...stat }, {}, 0)
}
