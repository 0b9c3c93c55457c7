import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import { Unreadable } from '../../host/unreadable.ts'
import type { FileStat } from '../../host/files/files.ts'
import type { Plan } from '../../play/module.ts'
import { kindOf, linkTarget, resultOf, type FileResult, type Sight } from './sight.ts'
import { attributeStep, planOf, timeStep, type Step } from './steps.ts'

/** Symbolic and hard links. */
export const planLinked: Readonly<Record<'link' | 'hard', (sight: Sight) => Promise<Plan<FileResult>>>> = {
  link: async (sight) => {
    const { host, params, times, stat } = sight
    const { path, follow, force } = params
    const src = params.src ?? (follow ? stat?.target : undefined)
    if (src === undefined) {
      if (stat?.type !== 'link') throw needsSource(path)
    } else {
      const leadsTo = params.src === undefined ? sight.target : await sourceOf(sight, src)
      if (leadsTo === undefined && !force) throw missingSource(sight, src, 'force: true links to it all the same')
    }
    const replaced = src !== undefined && stat?.target !== src
    if (replaced) await mayReplace(sight)
    const linking = replaced ? linkStep(sight, src, 'symbolic') : undefined
    // With follow, owner and mode are those of what the link leads to, once it does.
    const about = follow ? (replaced ? sight.source : sight.target) : stat
    const attributes = await attributeStep(host, path, about, params, follow)
    const result = await resultOf(sight, 'link', stat?.type === 'link' ? stat : undefined)
    return planOf([linking, attributes, about && timeStep(path, times)], {
      ...result,
      dest: path,
      ...defined({ src }),
    })
  },

  hard: async (sight) => {
    const { host, params, times, stat } = sight
    const { path, src, force } = params
    if (src === undefined && (stat === undefined || kindOf(stat) !== 'hard')) throw needsSource(path)
    const source = src === undefined ? stat : sight.source
    if (src !== undefined && source === undefined) throw missingSource(sight, src, 'correct src')
    const same = stat?.inode === source?.inode && stat?.device === source?.device
    if (!same && stat !== undefined && stat.type !== 'link' && !force) throw refusal(path, kindOf(stat), 'hard link')
    if (!same && stat?.type === 'directory') throw refusal(path, 'directory', 'hard link')
    const linking = same || src === undefined ? undefined : linkStep(sight, src, 'hard')
    const attributes = await attributeStep(host, path, source, params, params.follow)
    const result = await resultOf(sight, 'hard', source)
    return planOf([linking, attributes, timeStep(path, times)], {
      ...result,
      dest: path,
      ...defined({ src }),
    })
  },
}

/** What the link is to lead to. It goes into a directory that is there. */
async function sourceOf({ host, params: { path }, stat, source }: Sight, src: string): Promise<FileStat | undefined> {
  return stat?.type === 'directory' ? host.files.stat(linkTarget(path, src), { follow: true }) : source
}

function linkStep({ params: { path }, stat }: Sight, src: string, kind: 'symbolic' | 'hard'): Step {
  const state = kind === 'symbolic' ? 'link' : 'hard'
  const before =
    stat === undefined ? { state: 'absent' } : stat.type === 'link' ? { src: stat.target } : { state: kindOf(stat) }
  return {
    diff: [{ of: path, before, after: { ...('src' in before ? {} : { state }), src } }],
    apply: async ({ files }) => {
      if (stat?.type === 'directory') await files.remove(path)
      await files.link(path, src, kind)
    },
  }
}

/** A file or an empty folder may give way to a link when it is forced, a folder that holds something never. */
async function mayReplace({ host, params: { path, force }, stat }: Sight): Promise<void> {
  if (stat === undefined || stat.type === 'link') return
  if (!force) throw refusal(path, kindOf(stat), 'link')
  if (stat.type === 'directory' && ((await host.files.list(path)) ?? []).length > 0)
    throw new HostwrightError(`the directory ${path} is not empty, so it is not replaced by a link`, {
      host: host.name,
      next: "remove it in an earlier task (state: 'absent') if nothing in it is needed",
    })
}

function refusal(path: string, is: string, wanted: string): HostwrightError {
  return new HostwrightError(`${path} is a ${is}, and is not replaced by a ${wanted}`, {
    next: 'write force: true, or remove it in an earlier task',
  })
}

function needsSource(path: string): HostwrightError {
  return new HostwrightError(`${path} is no link yet, and nothing says where it is to lead`, {
    next: 'write src',
  })
}

function missingSource({ host }: Sight, src: string, otherwise: string): Unreadable {
  return new Unreadable(`there is no ${src} to link to`, 'file', {
    host: host.name,
    next: `make it in an earlier task; ${otherwise}`,
  })
}
