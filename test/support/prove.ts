import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../lib/connection/index.ts'
import type { Become } from '../../lib/connection/connection.ts'
import type { Host } from '../../lib/host/host.ts'
import { PendingEffects } from '../../lib/host/pending-effects.ts'
import { openHost } from '../../lib/host/real.ts'
import { simulateHost } from '../../lib/host/simulated.ts'
import type { Call, Diff, TaskContext } from '../../lib/play/module.ts'
import { validate } from '../../lib/schema/index.ts'

const noFiles: TaskContext = {
  vars: {},
  controller: {
    find: (_kind, name) => name,
    read: () => {
      throw new Error('this test gave no controller files')
    },
  },
}

export interface Done<R> {
  readonly changed: boolean
  readonly result: R
  readonly diff: readonly Diff[]
}

/** Validates, plans and applies one call on this host, as the engine does for a task. */
export async function runCall<R>(host: Host, call: Call<R>, task: TaskContext = noFiles): Promise<Done<R>> {
  const valid = validate(call.schema, call.params, 'parameter')
  if (!valid.ok) throw new Error(valid.problems.map((problem) => problem.message).join('\n'))
  const complaints = call.module.check?.(valid.value) ?? []
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  call.module.preflight?.(valid.value, task)
  const plan = await call.module.plan(valid.value, host, task)
  if (!plan.changed) return { changed: false, result: plan.result as R, diff: [] }
  const applied = await plan.apply(host)
  return { changed: true, result: { ...(plan.result as object), ...applied } as R, diff: plan.diff }
}

/**
 * What every module must show: check mode predicts the change and makes none, the run makes it with the predicted diff, and a second run finds nothing to do
 * — also a simulated second run after the simulated first.
 */
export async function prove<R>(host: Host, call: Call<R>, task: TaskContext = noFiles): Promise<Done<R>> {
  const simulated = simulateHost(host.name, new PendingEffects())
  const predicted = await runCall(simulated.forTask('predict', host), call, task)
  const again = await runCall(simulated.forTask('predict again', host), call, task)
  assert.is(predicted.changed, true, 'check mode predicts the change')
  assert.is(again.changed, false, 'after a simulated apply nothing is left to do')
  const done = await runCall(host, call, task)
  assert.is(done.changed, true, 'the run changes, so the prediction left the host alone')
  assert.equal(done.diff, predicted.diff, 'the diff is the predicted one')
  const second = await runCall(host, call, task)
  assert.is(second.changed, false, `a second run changes nothing: ${JSON.stringify(second.diff)}`)
  return done
}

/** A host over any connection variables (`{ ansible_connection: 'local' }`), closed after use. */
export async function withHost<T>(
  name: string,
  vars: Readonly<Record<string, unknown>>,
  become: Become | undefined,
  use: (host: Host) => Promise<T>,
): Promise<T> {
  const connection = await connect(connectionSettings(name, vars))
  try {
    const real = await openHost(connection, become)
    try {
      return await use(real.watchedBy(() => undefined))
    } finally {
      await real.close()
    }
  } finally {
    await connection.close()
  }
}
