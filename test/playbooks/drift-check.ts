import * as assert from 'uvu/assert'
import type { OpenLab } from '../../lab/index.ts'
import type { Drift } from './drifts.ts'
import { explain, runPlaybook } from './support.ts'

/** Check names exactly what the run then changes, the run mends it, and the next run finds nothing to do. */
export async function checkDrift(
  lab: OpenLab,
  pg: string,
  drift: Drift,
  playbook = 'site',
): Promise<readonly string[]> {
  await drift.make(lab, pg)
  const check = await runPlaybook(lab, playbook, ['--check'])
  assert.is(check.status, 0, `check: ${explain(check)}`)
  const run = await runPlaybook(lab, playbook)
  assert.is(run.status, 0, `run: ${explain(run)}`)
  assert.ok(run.changed.length > 0, 'the run noticed the drift')
  assert.equal(check.changed, run.changed, 'check named exactly what the run changed')
  const again = await runPlaybook(lab, playbook)
  assert.is(again.status, 0, `second run: ${explain(again)}`)
  assert.equal(again.changed, [], 'the second run changed nothing')
  return run.changed
}
