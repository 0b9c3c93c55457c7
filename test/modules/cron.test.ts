// needs: busybox cron
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../lib/error.ts'
import type { Host } from '../../lib/host/host.ts'
import { PendingEffects } from '../../lib/host/pending-effects.ts'
import { simulateHost } from '../../lib/host/simulated.ts'
import { cron } from '../../modules/cron.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost, proveIn } from './on-host.ts'
import { inFolder, prove, refusal, runCall, withHost } from '../../lib/testing/index.ts'

for (const kind of kinds)
  for (const { name, params } of cron.definition.examples)
    test(`${kind}: ${name}`, () => onHost(kind, (host, folder) => proveIn(host, folder, cron, params)))

test('a file for cron: jobs, variables, and nothing left when the last one goes', () =>
  onHost('gnu', async (host, folder) => {
    const cron_file = join(folder, 'jobs')
    await prove(host, cron({ name: 'a', job: 'x %', user: 'root', cron_file, special_time: 'daily' }))
    await prove(host, cron({ name: 'b', job: 'y', user: 'root', cron_file, minute: '*/5', disabled: true }))
    const done = await prove(
      host,
      cron({ name: 'MAILTO', job: 'me', env: true, user: 'root', cron_file, backup: true }),
    )
    assert.equal([done.result.jobs, done.result.envs], [['a', 'b'], ['MAILTO']])
    assert.ok(existsSync(done.result.backup_file ?? ''))
    const text = 'MAILTO="me"\n#Ansible: a\n@daily root x %\n#Ansible: b\n#*/5 * * * * root y\n'
    assert.is(readFileSync(cron_file, 'utf8'), text)
    await prove(host, cron({ name: 'MAILTO', env: true, state: 'absent', cron_file }))
    await prove(host, cron({ name: 'a', state: 'absent', cron_file }))
    await prove(host, cron({ name: 'b', state: 'absent', cron_file }))
    assert.is(existsSync(cron_file), false)
    assert.is((await runCall(host, cron({ name: 'b', state: 'absent', cron_file }))).changed, false)
  }))

/** A crontab command that keeps a file for each user, and says what the real one says. */
const crontab = `#!/bin/sh
user=self
[ "$1" = -u ] && { user=$2; shift 2; }
case $user in nobody-there) echo "crontab:  user \\\`$user' unknown" >&2; exit 1 ;; esac
case $1 in
  -l) cat "$0.$user" 2>/dev/null || { echo "no crontab for $user" >&2; exit 1; } ;;
  -)
    cat >"$0.new"
    if grep -qE '^([^ #]+ ){5}[*]' "$0.new"; then
      echo '"-":3: bad command' >&2
      echo "errors in crontab file, can't install." >&2
      exit 1
    fi
    mv "$0.new" "$0.$user" ;;
esac
`

function withCrontab(use: (host: Host, folder: string) => Promise<void>): Promise<void> {
  return inFolder((folder) => {
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/crontab'), crontab)
    chmodSync(join(folder, 'bin/crontab'), 0o755)
    const shell = ['/usr/bin/env', `PATH=${join(folder, 'bin')}:/usr/bin:/bin`, 'sh']
    const vars = { ansible_connection: 'command', ansible_shell_command: shell }
    return withHost((host) => use(host, folder), { name: 'here', vars })
  })
}

test('a user’s crontab, through the crontab command', () =>
  withCrontab(async (host, folder) => {
    const done = await prove(host, cron({ name: 'a', job: 'x', hour: '3' }))
    assert.equal(done.diff, [{ of: 'crontab of the user', before: '', after: '#Ansible: a\n* 3 * * * x\n' }])
    await prove(host, cron({ name: 'a', job: 'x', user: 'anna' }))
    assert.is(readFileSync(join(folder, 'bin/crontab.anna'), 'utf8'), '#Ansible: a\n* * * * * x\n')
    await prove(host, cron({ name: 'a', state: 'absent' }))
    assert.is(readFileSync(join(folder, 'bin/crontab.self'), 'utf8'), '')
  }))

test('what crontab refuses is told by its reason, and the old jobs stay', () =>
  withCrontab(async (host, folder) => {
    await runCall(host, cron({ name: 'a', job: 'x' }))
    const refused = await runCall(host, cron({ name: 'b', job: '* x' })).catch((error: unknown) => error)
    if (!(refused instanceof HostwrightError)) throw new Error('it should have been refused')
    assert.is(refused.message, 'the crontab of the user cannot be written: "-":3: bad command')
    assert.match(refused.next ?? '', 'correct the job')
    assert.is(readFileSync(join(folder, 'bin/crontab.self'), 'utf8'), '#Ansible: a\n* * * * * x\n')
    const unknown = cron({ name: 'a', job: 'x', user: 'nobody-there' })
    assert.match(await refusal(host, unknown), /cannot be read: crontab: .*unknown$/)
  }))

test('check mode remembers a crontab, whoever looks at it', () =>
  withCrontab(async (host, folder) => {
    const simulated = simulateHost('here', new PendingEffects())
    const asRoot = () => simulated.forTask('as root', host)
    await runCall(asRoot(), cron({ name: 'a', job: 'x', user: 'anna' }))
    const asAnna = simulated.forTask('as anna', { ...host, user: 'anna' })
    assert.equal((await runCall(asAnna, cron({ name: 'b', job: 'y' }))).result.jobs, ['a', 'b'])
    assert.is((await runCall(asRoot(), cron({ name: 'b', job: 'y', user: 'anna' }))).changed, false)
    assert.is((await runCall(asRoot(), cron({ name: 'a', job: 'x' }))).changed, true, 'it is only anna’s')
    assert.is(existsSync(join(folder, 'bin/crontab.anna')), false)
  }))

test('parameters that do not go together are refused', () =>
  onHost('gnu', async (host) => {
    const refusals: readonly (readonly [Parameters<typeof cron>[0], string])[] = [
      [{ name: 'a' }, '"job" is required'],
      [{ name: 'a', job: 'x', cron_file: 'f' }, '"user" is required'],
      [{ name: 'a', job: 'x', special_time: 'daily', hour: '1' }, 'one of them'],
      [{ name: 'a', job: 'x\ny' }, 'single line'],
      [{ name: 'a b', job: 'x', env: true }, 'has a name of letters'],
      [{ name: 'a', job: 'x', insertafter: 'b' }, 'go with "env"'],
      [{ name: 'a', job: 'x', user: 'root', cron_file: '/etc/crontab' }, 'belongs to the system'],
    ]
    for (const [params, message] of refusals) assert.match(await refusal(host, cron(params)), message)
  }))

test.run()
