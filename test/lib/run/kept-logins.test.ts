// needs: openssh-server openssh-client
/** A program's login is there for its next run, unless the program does not want it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { endKeptLogins, keptLogins } from '../../../lib/connection/index.ts'
import { play, playbook, run } from '../../../lib/index.ts'
import { command } from '../../../modules/index.ts'
import { startSshd, type Sshd } from '../connection/sshd.ts'

const runtime = mkdtempSync(join(tmpdir(), 'hostwright-kept-'))
process.env['XDG_RUNTIME_DIR'] = runtime

let sshd: Sshd
test.before(async () => {
  sshd = await startSshd()
})
test.after(async () => {
  await endKeptLogins()
  await sshd.stop()
  rmSync(runtime, { recursive: true })
})

const site = playbook('site', [
  play('One', { hosts: 'db1' }).task('Way', () => command({ cmd: 'sh -c "echo $SSH_CONNECTION"' }), {
    changed_when: () => false,
  }),
])
/** One run. @returns the address and port that it came from, as the host saw it. */
async function way(keepLogins?: boolean): Promise<string> {
  const inventory = { all: { hosts: { db1: sshd.vars } } }
  const { ok, failures, results } = await run(site, { inventory, playbookDir: runtime, keepLogins })
  assert.ok(ok, failures[0]?.error?.message)
  return String(results[0]?.result['stdout'])
}

test('with keepLogins: false nothing is left of a run', async () => {
  assert.is.not(await way(false), await way(false))
  assert.not(existsSync(join(runtime, 'hostwright/logins/socket-1')))
})

test('otherwise the next runs share the login that was kept', async () => {
  await way()
  for (let i = 0; i < 600 && (await keptLogins()).length === 0; i += 1) await sleep(25)
  assert.is((await keptLogins()).length, 1)
  assert.is(await way(), await way())
})

test.run()
