import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../lib/host/host.ts'
import type { Call, TaskContext } from '../../lib/play/module.ts'
import { connectionVars, inFolder, type Kind } from '../lib/host/files/hosts-here.ts'
import { prove, runCall, withHost } from '../support/prove.ts'

/** A host of this kind and an empty folder on it. */
export async function onHost<T>(kind: Kind, use: (host: Host, folder: string) => Promise<T>): Promise<T> {
  return inFolder((folder) =>
    inFolder((tools) => withHost(kind, connectionVars(kind, tools), undefined, (host) => use(host, folder))),
  )
}

/** A task with these variables, whose controller finds files by the folder they are named in. */
export function taskIn(folder: string, vars: Readonly<Record<string, unknown>> = {}): TaskContext {
  return {
    vars,
    controller: {
      find: (_kind, name) => (name.startsWith('/') ? name : join(folder, name)),
      read: (path) => readFileSync(path),
    },
  }
}

/** An example's parameters, with this folder in the place of /tmp. */
export function inPlace<P>(params: P, folder: string): P {
  return JSON.parse(JSON.stringify(params).replaceAll('/tmp', folder)) as P
}

/** What a call complains about; it must. */
export async function refusal<R>(host: Host, call: Call<R>, task?: TaskContext): Promise<string> {
  const done = await runCall(host, call, task).catch((error: unknown) => error)
  if (done instanceof Error) return done.message
  throw new Error('it should have been refused')
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

export { prove, runCall }
