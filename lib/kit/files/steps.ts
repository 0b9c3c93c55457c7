import type { FileStat, Times, FileAttributes } from '../../host/files/files.ts'
import type { Host, HostReader } from '../../host/host.ts'
import { change, unchanged, type Diff, type Plan } from '../../play/module.ts'
import { attributeChange, onlyChanged, umaskFor } from './attributes.ts'

/** One thing to do about a path, and how it is shown. */
export interface Step {
  /** What the step changes, for `--diff`. */
  readonly diff: readonly Diff[]
  /** Makes the change. */
  readonly apply: (host: Host) => Promise<unknown>
}

/** A plan of steps, done one after the other; with none there is nothing to do. */
export function planOf<R>(steps: readonly (Step | undefined)[], result: R): Plan<R> {
  const needed = steps.filter((step) => step !== undefined)
  if (needed.length === 0) return unchanged(result)
  return change({
    diff: needed.flatMap((step) => step.diff),
    result,
    apply: async (host) => {
      for (const step of needed) await step.apply(host)
    },
  })
}

/** A step whose diff shows the states of a path: `absent` → `directory`. */
export function stateStep(path: string, before: string, after: string, apply: Step['apply']): Step {
  return { diff: [{ of: path, before: { state: before }, after: { state: after } }], apply }
}

/** Sets what differs of owner, group and mode. */
export async function attributeStep(
  host: HostReader,
  path: string,
  stat: FileStat | undefined,
  wanted: FileAttributes,
  follow: boolean,
): Promise<Step | undefined> {
  if (stat === undefined) return undefined
  const differs = attributeChange(stat, wanted, await umaskFor(host.files, wanted.mode))
  if (differs === undefined) return undefined
  return {
    diff: [{ of: path, ...differs }],
    apply: ({ files }) => files.setAttributes(path, onlyChanged(wanted, differs), { follow }),
  }
}

/** Sets owner, group and mode of all that is below a folder, where any of it differs. */
export async function recursiveStep(host: HostReader, path: string, wanted: FileAttributes): Promise<Step | undefined> {
  const [tree, umask] = await Promise.all([host.files.tree(path), umaskFor(host.files, wanted.mode)])
  const diff = (tree ?? []).slice(1).flatMap((stat) => {
    const differs = attributeChange(stat, wanted, umask)
    return differs === undefined ? [] : [{ of: stat.path, ...differs }]
  })
  if (diff.length === 0) return undefined
  return { diff, apply: ({ files }) => files.setAttributes(path, wanted, { recurse: true }) }
}

/** Renews the times that are not to be preserved. */
export function timeStep(path: string, times: Times): Step | undefined {
  const renewed = Object.entries(times).filter(([, what]) => what === 'now')
  if (renewed.length === 0) return undefined
  const names = renewed.map(([name]) => `${name} time`)
  return {
    diff: [
      {
        of: path,
        before: Object.fromEntries(names.map((name) => [name, 'as it is'])),
        after: Object.fromEntries(names.map((name) => [name, 'now'])),
      },
    ],
    apply: ({ files }) => files.touch(path, times),
  }
}
