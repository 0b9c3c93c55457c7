import type { Host, HostReader } from '../../host/host.ts'
import { change, unchanged, type Plan } from '../../play/module.ts'
import { planCopy } from '../files/copy/copied.ts'

/** A file that one module alone writes. */
export interface ConfigFile<R> {
  /** The absolute path of the file. */
  readonly path: string
  /** Its whole content; undefined when the file is to be absent. */
  readonly content: string | undefined
  /** The result of the task. */
  readonly result: R
  /** Runs on the host after the file was written. */
  readonly afterwards?: (host: Host) => Promise<void>
}

const attributes = {
  ...{ owner: 'root', group: 'root', mode: '0644' },
  ...{ force: true, follow: true, backup: false, unsafe_writes: false },
}

/** The plan of a file of root's that everybody may read: with this content, or absent. */
export async function planConfigFile<R>(host: HostReader, wanted: ConfigFile<R>): Promise<Plan<R>> {
  const { path, content, result, afterwards } = wanted
  if (content === undefined) {
    const before = (await host.files.read(path))?.toString()
    if (before === undefined) return unchanged(result)
    return change({ diff: [{ of: path, before, after: '' }], result, apply: ({ files }) => files.remove(path) })
  }
  const plan = await planCopy(host, { dest: path, ...attributes }, { bytes: Buffer.from(content) })
  if (!plan.changed) return unchanged(result)
  return change({
    diff: plan.diff,
    result,
    apply: async (applied) => {
      await plan.apply(applied)
      await afterwards?.(applied)
    },
  })
}
