import { posix } from 'node:path'
import type { FileStat } from '../../../host/files/files.ts'
import { formatMode } from '../../../host/files/mode.ts'
import type { HostReader } from '../../../host/host.ts'
import { Unreadable } from '../../../host/unreadable.ts'
import { change, unchanged, type Plan } from '../../../play/module.ts'
import { planTree, treeDestination } from './copied-tree.ts'
import { lookAtDestination, type CopyParams, type CopyResult } from './copied.ts'
import { contentDiff, longestShown } from '../content.ts'
import { planFile, type FilePlan } from '../replacement.ts'

/** Copies from one place of the host to another; the content does not pass through this machine, except to show a diff. */
export async function planCopyOnHost(
  host: HostReader,
  params: CopyParams & { readonly src: string },
): Promise<Plan<CopyResult>> {
  const { src, dest } = params
  const [source, there] = await Promise.all([
    host.files.stat(src, { follow: true }),
    dest.endsWith('/') ? undefined : host.files.stat(dest, { follow: true }),
  ])
  if (source === undefined)
    throw new Unreadable(`there is no ${src} on the host`, 'file', {
      host: host.name,
      next: 'make it in an earlier task; without remote_src, src is a file of this machine',
    })
  if (source.type === 'directory') return planTreeOnHost(host, params)
  const inside = dest.endsWith('/') || there?.type === 'directory'
  return planFileOnHost(host, inside ? posix.join(dest, posix.basename(src)) : dest, params, source)
}

async function planFileOnHost(
  host: HostReader,
  path: string,
  params: CopyParams & { readonly src: string },
  source: FileStat,
): Promise<Plan<CopyResult>> {
  const { src } = params
  const [checksum, plan] = await Promise.all([host.files.checksum(src, 'sha1'), planOne(host, path, params, source)])
  const result: CopyResult = { dest: path, src, checksum: checksum ?? '', ...plan.info }
  return plan.changed ? change({ diff: plan.diff, result, apply: plan.apply }) : unchanged(result)
}

async function planOne(host: HostReader, path: string, params: CopyParams, source: FileStat): Promise<FilePlan> {
  const { owner, group, follow, force, ...options } = params
  const mode = params.mode === 'preserve' ? formatMode(source.mode) : params.mode
  const [sum, now] = await Promise.all([host.files.sha256(source.path), lookAtDestination(host.files, path, follow)])
  const replaced = now.stat?.type === 'link' && !follow
  const large = source.size > longestShown || (now.stat?.size ?? 0) > longestShown
  return planFile(
    host,
    {
      path,
      wanted: { owner, group, mode },
      size: source.size,
      follow,
      options,
      content: { in: 'host', path: source.path },
    },
    {
      stat: now.stat,
      same: !replaced && (now.sha256 === sum || (now.stat !== undefined && !force)),
      diff: async () => {
        if (large) return { of: path, before: { sha256: now.sha256 }, after: { sha256: sum, size: source.size } }
        const [before, after] = await Promise.all([host.files.read(path), host.files.read(source.path)])
        return contentDiff(path, before, after)
      },
    },
  )
}

async function planTreeOnHost(host: HostReader, params: CopyParams & { readonly src: string }) {
  const { src, dest } = params
  const root = src.replace(/(.)\/+$/, '$1')
  const tree = (await host.files.tree(root)) ?? []
  const to = treeDestination(src, dest)
  const entries = tree.map((entry) => {
    const path = posix.join(to, entry.path.slice(root.length))
    if (entry.type === 'link') return { path, type: 'link', target: entry.target ?? '' } as const
    if (entry.type === 'directory') return { path, type: 'directory' } as const
    return { path, type: 'file', plan: () => planOne(host, path, params, entry) } as const
  })
  return planTree(host, to, params, entries)
}
