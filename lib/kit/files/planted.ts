import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { FileStat } from '../../host/files/files.ts'
import type { HostReader } from '../../host/host.ts'

/**
 * Refuses a path that is a link, if an account other than root may have made it and it leads to something that is not that account's. The writers refuse such
 * links too; this check comes first, in the plan. It is for root only: other accounts follow every link.
 */
export async function refusePlanted(host: HostReader, ...paths: readonly string[]): Promise<void> {
  if (host.user !== 'root') return
  await Promise.all(
    paths.map(async (path) => {
      const [folder, link, target] = await Promise.all([
        host.files.stat(posix.dirname(path), { follow: true }),
        host.files.stat(path),
        host.files.stat(path, { follow: true }).catch(() => undefined),
      ])
      if (link?.type !== 'link' || folder === undefined || isTrusted(folder, link, target)) return
      const leads = link.target === undefined ? '' : ` to ${link.target}`
      throw new HostwrightError(
        `${path} is a link${leads}, and the folder it is in belongs to ${folder.owner}: another account may have put it there, and it is not followed`,
        { host: host.name, next: 'remove the link, or name the place that it leads to' },
      )
    }),
  )
}

/** Pure. Was the link made by root for certain, or does it lead to something of the account that made it? */
export function isTrusted(
  folder: Pick<FileStat, 'uid' | 'mode'>,
  link: Pick<FileStat, 'uid'>,
  target: Pick<FileStat, 'uid'> | undefined,
): boolean {
  const closed = (folder.mode & 0o022) === 0
  const [sticky, rootLink] = [(folder.mode & 0o1000) !== 0, link.uid === 0]
  if (folder.uid === 0 && (closed || (sticky && rootLink))) return true
  if (folder.uid === 0 && rootLink) return false
  return target !== undefined && target.uid === (closed || rootLink ? folder.uid : link.uid)
}
