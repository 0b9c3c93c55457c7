import type { Host } from '../host/host.ts'
import type { Call, TaskContext } from '../play/module.ts'
import { broken, mustEqual } from './broken.ts'
import { runCall, type Done } from './run-call.ts'
import { simulate } from './test-host.ts'

/**
 * Shows what every module promises, with one call that changes something:
 *
 * 1. Check mode predicts the change, and leaves the host alone.
 * 2. On the simulated host, a second run then finds nothing to do.
 * 3. The run changes the host, with the predicted diff.
 * 4. A second run changes nothing.
 *
 * @param task - see {@link runCall}.
 * @returns what the run did.
 * @throws AssertionError that names the promise which does not hold.
 * @example
 * await prove(host, lineinfile({ path: `${folder}/motd`, line: 'Welcome', create: true }))
 */
export async function prove<R>(host: Host, call: Call<R>, task?: TaskContext): Promise<Done<R>> {
  const { name } = call.module
  const simulated = simulate(host)
  const predicted = await runCall(simulated, call, task)
  if (!predicted.changed)
    throw broken(`${name}: check mode predicts no change: the host is as the call wants it already`)
  const again = await runCall(simulated, call, task)
  if (again.changed) throw broken(`${name}: on the simulated host, a second run would change it again`, again.diff)
  const done = await runCall(host, call, task)
  if (!done.changed) throw broken(`${name}: the run changes nothing, though check mode predicts it`, predicted.diff)
  mustEqual(done.diff, predicted.diff, `${name}: the run changed something else than check mode predicts`)
  const second = await runCall(host, call, task)
  if (second.changed) throw broken(`${name}: a second run changes the host again`, second.diff)
  return done
}
