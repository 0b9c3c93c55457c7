import { defined } from '../../../defined.ts'
import { posix } from 'node:path'
import type { FileReader, FileStat } from '../../../host/files/files.ts'
import type { HostReader } from '../../../host/host.ts'
import { change, unchanged, type Diff, type Plan } from '../../../play/module.ts'
import { fresh, infoAfter, type FileInfo } from '../attributes.ts'
import { contentDiff, longestShown } from '../content.ts'
import type { WriteParams } from '../parameters.ts'
import { planFile, type FilePlan } from '../replacement.ts'
import { bytesOf, contentOf, hashOfSending, isLong, sizeOf, type Sending } from './sending.ts'

/** What `copy` and `template` return. */
export interface CopyResult extends FileInfo {
  /** The path that was written. */
  readonly dest: string
  /** The name of the source, if there is one. */
  readonly src?: string
  /** SHA-1 in hexadecimal, as Ansible returns it; of a file. */
  readonly checksum?: string
  /** What there is to say, in Ansible's words. */
  readonly msg?: string
  /** Where the old file is kept, if `backup` was asked for. */
  readonly backup_file?: string
}

/** The parameters of `copy` that decide how content comes to a path. */
export interface CopyParams extends WriteParams {
  /** Where the content goes: a path, or a directory with a slash at its end. */
  readonly dest: string
  /** The name of the source, for the result. */
  readonly src?: string
  /** Replace a file that is there with other content. */
  readonly force: boolean
  /** Write to what a link leads to, not in place of the link. */
  readonly follow: boolean
  /** The mode of directories that are made. */
  readonly directory_mode?: string
}

/** Brings content to a path, or into the directory there. */
export async function planCopy(host: HostReader, params: CopyParams, sending: Sending): Promise<Plan<CopyResult>> {
  const asked = params.dest.endsWith('/') && sending.name !== undefined
  const first = asked ? posix.join(params.dest, sending.name ?? '') : params.dest
  const lookAt = (place: string) => lookAtDestination(host.files, place, params.follow, sending)
  const seen = await lookAt(first)
  const inside = seen.stat?.type === 'directory' && sending.name !== undefined
  const path = inside ? posix.join(first, sending.name ?? '') : first
  const now = inside ? await lookAt(path) : seen
  const parent = posix.dirname(path)
  const folderMissing =
    asked && now.stat === undefined && (await host.files.stat(parent, { follow: true })) === undefined

  const about = { dest: path, ...defined({ src: params.src }) }
  const checksum = async () => ({ checksum: await hashOfSending(sending, 'sha1') })
  if (now.stat !== undefined && !params.force)
    return unchanged({ ...about, ...(await checksum()), ...infoOf(now.stat), msg: 'file already exists' })
  const plan = await planSending(host, path, params, sending, now)
  // Files that are sent as streams are hashed meanwhile.
  const later = plan.contentChanged && isLong(sending)
  const result = { ...about, ...(later ? {} : await checksum()), ...plan.info }
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
      const [done, sum] = await Promise.all([plan.apply(writable), later ? checksum() : {}])
      return { ...done, ...sum }
    },
  })
}

/** The file at the destination. */
export interface DestinationSight {
  /** What the path leads to; a link itself where links are to be replaced. */
  readonly stat: FileStat | undefined
  /** Undefined, too, where its length already tells it from what is to be sent. */
  readonly sha256: string | undefined
}

/** Looks in one round trip; in two when something long is to be sent there. */
export async function lookAtDestination(
  files: FileReader,
  path: string,
  follow: boolean,
  sending?: Sending,
): Promise<DestinationSight> {
  const [lstat, target, sum] = await Promise.allSettled([
    files.stat(path),
    files.stat(path, { follow: true }),
    sending !== undefined && isLong(sending) ? sumBeside(files, path, sending) : files.sha256(path),
  ])
  if (lstat.status === 'rejected') throw lstat.reason
  if (target.status === 'rejected') throw target.reason
  if (target.value?.type === 'directory') return { stat: target.value, sha256: undefined }
  if (sum.status === 'rejected') throw sum.reason
  return { stat: lstat.value?.type === 'link' && !follow ? lstat.value : target.value, sha256: sum.value }
}

/** Hashing takes seconds: it is done only where the length is the same, and on both sides at the same time. */
async function sumBeside(files: FileReader, path: string, sending: Sending): Promise<string | undefined> {
  const there = await files.stat(path, { follow: true })
  if (there?.type !== 'file' || there.size !== sizeOf(sending)) return undefined
  const [sum] = await Promise.all([files.sha256(path, { long: true }), hashOfSending(sending, 'sha256')])
  return sum
}

/** One file that is to have this content. */
export async function planSending(
  host: HostReader,
  path: string,
  { owner, group, mode, follow, ...options }: WriteParams & { readonly follow: boolean },
  sending: Sending,
  seen: DestinationSight,
): Promise<FilePlan> {
  const { stat, sha256 } = seen
  const replaced = stat?.type === 'link' && !follow
  return planFile(
    host,
    {
      path,
      wanted: { owner, group, mode },
      size: sizeOf(sending),
      follow,
      options,
      content: contentOf(sending),
    },
    {
      stat,
      same: !replaced && sha256 !== undefined && sha256 === (await hashOfSending(sending, 'sha256')),
      diff: () => diffOfSending(host, path, sending, seen, replaced),
    },
  )
}

/** Text as text, as far as both sides can be shown. A long file that is new is not read through only to show its checksum. */
async function diffOfSending(
  { files }: HostReader,
  path: string,
  sending: Sending,
  { stat, sha256 }: DestinationSight,
  replaced: boolean,
): Promise<Diff> {
  const bytes = bytesOf(sending)
  if (bytes !== undefined && (stat === undefined || replaced || stat.size <= longestShown))
    return contentDiff(path, stat === undefined ? undefined : await files.read(path), bytes)
  const size = sizeOf(sending)
  const there = replaced ? await files.stat(path, { follow: true }) : stat
  if (there === undefined) return { of: path, before: { state: 'absent' }, after: { size } }
  if (sha256 === undefined) return { of: path, before: { size: there.size }, after: { size } }
  return {
    of: path,
    before: { size: there.size, sha256 },
    after: { size, sha256: await hashOfSending(sending, 'sha256') },
  }
}

function infoOf(stat: FileStat): FileInfo {
  return infoAfter(stat.type === 'directory' ? 'directory' : 'file', { ...fresh(stat.owner, 0, 0), ...stat }, {}, 0)
}
