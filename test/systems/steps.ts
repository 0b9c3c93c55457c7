import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { OpenLab } from '../../lab/index.ts'
import { explain, runPlaybook, sql, waitFor } from '../playbooks/support.ts'
import { acknowledged, endWriter, startWriter } from './writer.ts'

/** Runs a playbook, and it changes exactly what check named. */
export async function runAsPredicted(lab: OpenLab, name: string, args: readonly string[] = []) {
  const check = await runPlaybook(lab, name, [...args, '--check'])
  assert.is(check.status, 0, `check: ${explain(check)}`)
  const run = await runPlaybook(lab, name, args)
  assert.is(run.status, 0, explain(run))
  assert.equal(check.changed, run.changed, 'check named exactly what the run changed')
  return run
}

/** A run that finds all as it should be. */
export async function nothingChanges(lab: OpenLab, name: string, args: readonly string[] = []): Promise<void> {
  const run = await runPlaybook(lab, name, args)
  assert.is(run.status, 0, explain(run))
  assert.equal(run.changed, [])
}

/** The picture that a run draws which changes nothing. In a folder of its own: the other release may be tested side by side. */
export async function pictureOf(lab: OpenLab, name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-picture-'))
  const file = join(folder, 'system.mmd')
  try {
    await nothingChanges(lab, name, ['-e', `picture=${file}`])
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export interface Switch {
  /** The playbook of the system, which must find nothing to do afterwards. */
  readonly playbook: string
  readonly from: string
  readonly to: string
  readonly servers: readonly string[]
  /** The server's host on which the client runs. */
  readonly client: string
}

/** A switchover while a client writes: no acknowledged row is lost, and runs after it change nothing. */
export async function switchUnderLoad(lab: OpenLab, { playbook, from, to, servers, client }: Switch): Promise<void> {
  await startWriter(lab, client, from, servers)
  await waitFor('rows', 60, async () => (await acknowledged(lab, client)) > 5)
  await runAsPredicted(lab, 'switchover', ['-e', `promote=${to}`])
  const then = await acknowledged(lab, client)
  await waitFor('rows on the new primary', 60, async () => (await acknowledged(lab, client)) > then + 5)
  const { rows, gap } = await endWriter(lab, client, servers)
  console.log(`${from} → ${to}: ${rows} rows were acknowledged, none is missing, none for at most ${gap.toFixed(1)} s`)
  await sql(lab, to, 'drop table written')
  await nothingChanges(lab, 'switchover', ['-e', `promote=${to}`])
  await nothingChanges(lab, playbook)
}
