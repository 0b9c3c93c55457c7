import * as assert from 'uvu/assert'
import { openLab } from '../../lab/index.ts'
import type { Host } from '../../lib/host/host.ts'
import type { Call, TaskContext } from '../../lib/play/module.ts'
import { raw } from '../../lib/quote.ts'
import { type Done, runCall, simulate, withHost } from '../../lib/testing/index.ts'

const createcluster = `create_main_cluster = false\\nadd_include_dir = 'conf.d'\\n`

/** A lab of its own whose hosts have PostgreSQL installed and no cluster. */
export async function pgLab(id: string, names: readonly string[]) {
  const lab = openLab({ id })
  const version = process.env['HOSTWRIGHT_LAB_RELEASE'] === '12' ? '15' : '17'
  await lab.down()
  await lab.up(names)
  const install = `set -e; export DEBIAN_FRONTEND=noninteractive; mkdir -p /etc/postgresql-common; printf "${createcluster}" >/etc/postgresql-common/createcluster.conf
apt-get update -q; apt-get install -y -q -o Dpkg::Options::=--force-confold postgresql-${version}`
  await Promise.all(names.map((name) => lab.ssh(name, 'sudo sh', { input: install })))
  const vars = Object.fromEntries(
    (lab.inventory().split('[all:vars]\n')[1] ?? '')
      .split('\n')
      .flatMap((line) => [/^([^=]+)=(.*)$/.exec(line)])
      .flatMap((match) => (match === null ? [] : [[match[1], match[2]]])),
  ) as Record<string, string>
  const on = <T>(name: string, use: (host: Host) => Promise<T>) =>
    withHost(use, { name, vars: { ...vars, ansible_host: lab.address(name), ansible_become: true } })
  return { lab, version, on }
}

/** As `prove`, for what a simulated host cannot hold: a cluster. */
export async function proveOnce<R>(host: Host, call: Call<R>, task?: TaskContext): Promise<Done<R>> {
  const predicted = await runCall(simulate(host), call, task)
  assert.is(predicted.changed, true, 'check mode predicts the change')
  const done = await runCall(host, call, task)
  assert.is(done.changed, true, 'the run changes, so the prediction left the host alone')
  assert.equal(done.diff, predicted.diff, 'the diff is the predicted one')
  await settled(host, call, task)
  return done
}

export async function settled<R>(host: Host, call: Call<R>, task?: TaskContext): Promise<R> {
  const { changed, diff, result } = await runCall(host, call, task)
  assert.is(changed, false, `nothing is left to do: ${JSON.stringify(diff)}`)
  return result
}

/** Breaks something behind the module's back. */
export async function meddle(host: Host, script: string, as?: string): Promise<string> {
  const { status, stdout, stderr } = await host.ask(raw(script), as === undefined ? {} : { as })
  assert.is(status, 0, stderr)
  return stdout.trim()
}

export async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return assert.unreachable('it should have failed') as never
}
