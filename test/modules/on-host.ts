import type { Host } from '../../lib/host/host.ts'
import type { Call, TaskContext } from '../../lib/play/module.ts'
import { connectionVars, type Kind } from '../lib/host/files/hosts-here.ts'
import { inFolder, prove, withHost } from '../../lib/testing/index.ts'

/** A host of this kind and an empty folder on it. */
export async function onHost<T>(kind: Kind, use: (host: Host, folder: string) => Promise<T>): Promise<T> {
  return inFolder((folder) =>
    inFolder((tools) => withHost((host) => use(host, folder), { name: kind, vars: connectionVars(kind, tools) })),
  )
}

/** An example's parameters, with this folder in the place of /tmp. */
export function inPlace<P>(params: P, folder: string): P {
  return JSON.parse(JSON.stringify(params).replaceAll('/tmp', folder)) as P
}

/** Shows that an example does what it says, in this folder instead of /tmp. */
export async function proveIn<P extends object, R>(
  host: Host,
  folder: string,
  make: (params: P) => Call<R>,
  params: P,
  task?: TaskContext,
): Promise<void> {
  await prove(host, make(inPlace(params, folder)), task)
}
