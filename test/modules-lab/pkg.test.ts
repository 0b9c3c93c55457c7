import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import { raw } from '../../lib/quote.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { labHost } from './on-lab-host.ts'
import { prove, runCall, simulate } from '../../lib/testing/index.ts'

const id = 'm-pkg'
const { lab, asRoot, asAdmin } = await labHost({ id })
const policy = '/usr/sbin/policy-rc.d'

const failure = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => assert.unreachable('it should have failed'),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  ) as Promise<string>
const ask = async (host: Host, script: string): Promise<string> => (await host.ask(raw(script))).stdout.trim()

for (const { name, params } of pkg.definition.examples)
  test(`the example "${name}" is predicted, changes once, then nothing`, () =>
    asRoot(async (host) => void (await prove(host, pkg(params)))))

test('a converged host answers one question', () =>
  asRoot(async (host) => {
    let asked = 0
    const counting = {
      ...host,
      packages: {
        ...host.packages,
        states: (...args: Parameters<typeof host.packages.states>) => (asked++, host.packages.states(...args)),
      },
    }
    assert.is((await runCall(counting, pkg({ name: ['bash', 'awk', 'dpkg'] }))).changed, false)
    assert.is(asked, 1)
  }))

test('packages asked for together are told as if each were asked for alone', () =>
  asRoot(async (host) => {
    const specs = [
      'bash',
      'awk',
      'nosuch',
      'bash=5*',
      'bash=4*',
      'libc6:amd64',
      'libc6:arm64',
      'mail-transport-agent',
      'sed',
    ]
    for (const options of [{}, { candidates: true }]) {
      const together = await Promise.all(specs.map((spec) => host.packages.states([spec], options)))
      for (const [i, spec] of specs.entries())
        assert.equal(await host.packages.states([spec], options), together[i], spec)
    }
  }))

test('a virtual package counts as there when something that provides it is', () =>
  asRoot(async (host) => assert.is((await runCall(host, pkg({ name: 'awk' }))).changed, false)))

test('a misspelt name is refused before anything happens, with the right one', () =>
  asRoot(async (host) =>
    assert.match(await failure(runCall(host, pkg({ name: ['tree', 'helo'] }))), 'did you mean "hello"'),
  ))

test('a version that no source has is refused in the plan', () =>
  asRoot(async (host) =>
    assert.match(await failure(runCall(host, pkg({ name: 'bash=9.9' }))), 'no package "bash" of version 9.9'),
  ))

test('a held package is refused in the plan, unless it may change', () =>
  asRoot(async (host) => {
    await ask(host, 'apt-mark hold tree')
    assert.match(await failure(runCall(host, pkg({ name: 'tree' }))), 'held as they are')
    await prove(host, pkg({ name: 'tree', allow_change_held_packages: true }))
    await ask(host, 'apt-mark hold tree')
    assert.match(await failure(runCall(host, pkg({ name: 'tree', state: 'absent' }))), 'held as they are')
    await ask(host, 'apt-mark unhold tree')
    await prove(host, pkg({ name: 'tree', state: 'absent', purge: true }))
  }))

test('a virtual name that is to go does not take along what provides it', () =>
  asRoot(async (host) => assert.is((await runCall(host, pkg({ name: 'awk', state: 'absent' }))).changed, false)))

test('a version by its beginning', () =>
  asRoot(async (host) => {
    await prove(host, pkg({ name: 'hello=2.*' }))
    await prove(host, pkg({ name: 'hello', state: 'absent', purge: true }))
  }))

test('latest with a fresh index leaves the host’s own index alone until something is done', () =>
  asRoot(async (host) => {
    const before = await ask(host, 'ls -la --time-style=full-iso /var/lib/apt/lists')
    assert.is((await runCall(host, pkg({ name: 'bash', state: 'latest', update_cache: true }))).changed, false)
    assert.is(await ask(host, 'ls -la --time-style=full-iso /var/lib/apt/lists'), before)
  }))

test('an index is refreshed once within cache_valid_time', () =>
  asRoot(async (host) => {
    await ask(
      host,
      'touch -d @1 /var/lib/apt/lists /var/lib/apt/periodic/* 2>/dev/null; touch -d @0 /etc/apt/sources.list* /etc/apt/sources.list.d/*',
    )
    await prove(host, pkg({ update_cache: true, cache_valid_time: 3600 }))
  }))

test('what an interrupted dpkg left is found, repaired and finished', () =>
  asRoot(async (host) => {
    await ask(host, 'dpkg --unpack $(find /srv/apt/ -name "hello_*.deb") 2>&1')
    assert.is((await host.packages.states(['hello']))[0]?.broken, true)
    await prove(host, pkg({ name: 'hello' }))
    await prove(host, pkg({ name: 'hello', state: 'absent', purge: true }))
  }))

for (const status of ['unpacked', 'half-installed'])
  test(`what was cut off while it was unpacked is unpacked anew: ${status}, with something else to install or without`, () =>
    asRoot(async (host) => {
      const cutOff = `dpkg --unpack $(find /srv/apt/ -name "hello_*.deb") 2>&1
        sed -i '/^Package: hello$/,/^$/s/^Status: .*/Status: install reinstreq ${status}/' /var/lib/dpkg/status`
      for (const wanted of ['tree', 'hello']) {
        await ask(host, cutOff)
        assert.is((await host.packages.states(['hello']))[0]?.broken, true)
        await prove(host, pkg({ name: wanted }))
        assert.is(await ask(host, "dpkg --audit; dpkg-query -W -f '${db:Status-Status}' hello"), 'installed')
        await prove(host, pkg({ name: ['hello', 'tree'], state: 'absent', purge: true }))
      }
    }))

test('configuration files left behind are purged, and only then nothing is left to do', () =>
  asRoot(async (host) => {
    await prove(host, pkg({ name: 'haproxy' }))
    await prove(host, pkg({ name: 'haproxy', state: 'absent' }))
    await prove(host, pkg({ name: 'haproxy', state: 'absent', purge: true }))
    await prove(host, pkg({ autoremove: true }))
  }))

test('services held back by policy_rc_d are predicted as they will be, and the policy is gone afterwards', () =>
  asRoot(async (host) => {
    const simulated = simulate(host)
    const params = { name: 'haproxy', state: 'started', enabled: true } as const
    await runCall(simulated, pkg({ name: 'haproxy', policy_rc_d: 101 }))
    const predicted = await runCall(simulated, service(params))
    await runCall(host, pkg({ name: 'haproxy', policy_rc_d: 101 }))
    const done = await runCall(host, service(params))
    assert.equal(done.diff, predicted.diff)
    assert.is(await ask(host, `ls ${policy} 2>/dev/null`), '')
    await runCall(host, pkg({ name: 'haproxy', state: 'absent', purge: true, autoremove: true }))
  }))

test('a policy of somebody else is back afterwards', () =>
  asRoot(async (host) => {
    await ask(host, `printf '#!/bin/sh\\nexit 0\\n' >${policy}; chmod 755 ${policy}`)
    await prove(host, pkg({ name: 'hello', policy_rc_d: 101 }))
    assert.is(await ask(host, `cat ${policy}; ls ${policy}*; rm ${policy}`), `#!/bin/sh\nexit 0\n${policy}`)
    await prove(host, pkg({ name: 'hello', state: 'absent' }))
  }))

test('a lock held by another process is waited for, and named when it is not released', () =>
  asRoot(async (host) => {
    const hold = (seconds: number) =>
      ask(
        host,
        `python3 -c 'import fcntl,time; f=open("/var/lib/dpkg/lock-frontend","w"); fcntl.lockf(f,fcntl.LOCK_EX); time.sleep(${seconds})' >/dev/null 2>&1 & echo $!; sleep 0.5`,
      )
    const pid = await hold(8)
    const words = await failure(runCall(host, pkg({ name: 'hello', lock_timeout: 1 })))
    assert.match(words, 'another process holds the package system')
    assert.match(words, pid)
    await prove(host, pkg({ name: 'hello' }))
    await prove(host, pkg({ name: 'hello', state: 'absent' }))
  }))

test('without root the error says what to do', () =>
  asAdmin(async (host) =>
    assert.match(await failure(runCall(host, pkg({ name: 'hello' }))), 'only root can change packages'),
  ))

test('an install outlives the controller that is killed', async () => {
  const file = new URL('./install-until-killed.ts', import.meta.url).pathname
  const child = spawn('node', ['--import', 'tsx', file, id, 'haproxy', 'barman'], { stdio: 'ignore' })
  const there = async () => (await lab.console('h1', `[ -e ${policy} ] && echo yes || true`)).includes('yes')
  while (child.exitCode === null && !(await there())) await sleep(50)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(await there(), 'it was killed while the packages were being installed')
  for (let i = 0; i < 300 && (await there()); i++) await sleep(200)
  await asRoot(async (host) => {
    assert.ok((await host.packages.states(['haproxy']))[0]?.version)
    assert.is(await ask(host, `dpkg --audit; ls ${policy} /run/hostwright.* 2>/dev/null`), '')
    assert.is((await runCall(host, pkg({ name: 'haproxy', policy_rc_d: 101 }))).changed, false)
  })
})

test('after a power cut the next run repairs packages and removes the policy that was left', async () => {
  const file = new URL('./install-until-killed.ts', import.meta.url).pathname
  await asRoot((host) => runCall(host, pkg({ name: 'haproxy', state: 'absent', purge: true, autoremove: true })))
  const child = spawn('node', ['--import', 'tsx', file, id, 'haproxy', 'hello', 'tree', 'jq'], { stdio: 'ignore' })
  const there = async () => (await lab.console('h1', `[ -e ${policy} ] && echo yes || true`)).includes('yes')
  while (child.exitCode === null && !(await there())) await sleep(50)
  await sleep(300)
  await lab.kill('h1')
  child.kill('SIGKILL')
  await once(child, 'exit')
  await lab.start('h1')
  await asRoot(async (host) => {
    assert.is(await ask(host, `ls ${policy}`), policy)
    await prove(host, pkg({ name: ['haproxy', 'hello', 'tree', 'jq'] }))
    assert.is(await ask(host, `dpkg --audit; ls ${policy} 2>/dev/null`), '')
  })
})

test.after(() => lab.down())
test.run()
