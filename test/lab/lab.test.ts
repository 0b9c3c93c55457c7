import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openLab } from '../../lab/index.ts'

const lab = openLab({ id: 'labtest' })
const said = async (host: string, command: string) => (await lab.ssh(host, command)).stdout.trim()
const fails = async (host: string, command: string) =>
  (await lab.ssh(host, command, { allowFailure: true })).exitCode !== 0
const reaches = (other: string) => `timeout 1 bash -c 'exec 3<>/dev/tcp/${other}/22'`

const test = suite('lab')

test.before(async () => {
  await lab.down()
  await lab.up(['pg1', 'pg2'])
})
test.after(() => lab.down())

test('a host is a whole Debian with systemd, and its users are as promised', async () => {
  assert.is(await said('pg1', 'hostname'), 'pg1')
  assert.is(await said('pg1', 'sudo -n id -u'), '0')
  assert.is(await said('pg1', 'systemctl is-system-running --wait'), 'running')
  assert.is(await said('pg1', 'getent hosts pg2'), '10.77.0.12      pg2')
  assert.ok((await lab.ssh('pg1', 'sudo -n id', { user: 'operator', allowFailure: true })).exitCode !== 0)
  const asked = await lab.ssh('pg1', "sudo -S -p '' id -u", { user: 'operator', input: 'correct-horse-77\n' })
  assert.is(asked.stdout.trim(), '0')
})

test('what cannot be reached is refused at once', async () => {
  const reached = await said('pg1', "bash -c 'exec 3<>/dev/tcp/10.9.9.9/80' 2>&1 || :")
  assert.match(reached, /No route to host/)
})

test('up again changes nothing, and the inventory is private', async () => {
  const leader = lab.leader('pg1')
  await lab.up(['pg1'])
  assert.is(lab.leader('pg1'), leader)
  assert.is(statSync(lab.inventoryFile).mode & 0o777, 0o600)
  const text = readFileSync(lab.inventoryFile, 'utf8')
  assert.match(text, /^pg1 ansible_host=10\.77\.0\.11 private_ip=10\.77\.0\.11$/m)
  assert.match(text, /^superuser_password=[A-Za-z0-9]{24,}$/m)
  assert.is(text, lab.inventory())
})

test('packages can be installed offline, and go with a reset; keys and passwords stay', async () => {
  const before = lab.inventory()
  await lab.ssh('pg2', 'sudo apt-get install -y hello && hello')
  await lab.reset(['pg2'])
  assert.ok(await fails('pg2', 'hello'))
  assert.is(lab.inventory(), before)
})

test('a power cut keeps files, and the host is silent until it is started', async () => {
  await lab.ssh('pg1', 'echo kept >kept; sync')
  await lab.kill('pg1')
  assert.is(lab.status().find(({ host }) => host === 'pg1')?.running, false)
  assert.ok(await fails('pg2', reaches('pg1')))
  await lab.start('pg1')
  assert.is(await said('pg1', 'cat kept'), 'kept')
})

test('power off from inside, start, reboot', async () => {
  const boots = () => said('pg2', 'cat /proc/sys/kernel/random/boot_id; sudo journalctl --list-boots --quiet | tail -1')
  const first = await boots()
  await lab.console('pg2', 'systemctl --no-block poweroff')
  for (let i = 0; lab.isRunning('pg2') && i < 200; i += 1) await sleep(50)
  assert.not(lab.isRunning('pg2'))
  await lab.start('pg2')
  const second = await boots()
  await lab.reboot('pg2')
  const third = await boots()
  assert.is(new Set([first, second, third]).size, 3)
  await lab.stop('pg2')
  assert.not(lab.isRunning('pg2'))
  await lab.start('pg2')
})

test('a cable can be cut and healed, and stays cut over a power cut', async () => {
  await lab.cut('pg2')
  assert.ok(await fails('pg1', reaches('pg2')))
  assert.is((await lab.console('pg2', 'hostname')).trim(), 'pg2')
  await lab.kill('pg2')
  await lab.start('pg2')
  assert.ok(await fails('pg1', reaches('pg2')))
  assert.is(lab.status().find(({ host }) => host === 'pg2')?.cut, true)
  await lab.heal('pg2')
  assert.not(await fails('pg1', reaches('pg2')))
})

test('two hosts can be parted while the controller still reaches both', async () => {
  await lab.part('pg1', 'pg2')
  assert.ok(await fails('pg1', reaches('pg2')))
  assert.ok(await fails('pg2', reaches('pg1')))
  await lab.kill('pg2')
  await lab.start('pg2')
  assert.ok(await fails('pg1', reaches('pg2')))
  await lab.join('pg1', 'pg2')
  assert.not(await fails('pg1', reaches('pg2')))
})

test('a host that comes later is known to those that were there', async () => {
  await lab.up(['extra'])
  assert.match(await said('pg1', 'getent hosts extra'), /^10\.77\.0\.14 /)
  assert.match(await said('extra', 'getent hosts pg1'), /^10\.77\.0\.11 /)
})

test('light hosts can be logged into', async () => {
  await lab.light(3)
  assert.is(await said('light3', 'hostname; sudo id -u'), 'light3\n0')
  await lab.light(0)
})

test('unknown hosts and names are refused with what is known', async () => {
  assert.throws(() => lab.address('nobody'), /no host "nobody".*pg1/s)
  assert.throws(() => openLab({ system: 'nothing' }), /Known systems: replication/)
  assert.throws(() => openLab({ release: '7' }), /Known releases: 12, 13/)
})

test('a controller killed half-way leaves nothing that a second up cannot repair', async () => {
  await lab.kill('pg1')
  const env = { ...process.env, HOSTWRIGHT_LAB: 'labtest' }
  const cli = join(import.meta.dirname, '../../lab/cli.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'up', 'pg1'], { env, stdio: 'ignore' })
  for (let i = 0; !lab.isRunning('pg1') && i < 500; i += 1) await sleep(10)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await lab.kill('pg1')
  await lab.up(['pg1'])
  assert.is(await said('pg1', 'hostname'), 'pg1')
})

test('down leaves nothing behind', async () => {
  await lab.down()
  const namespaces = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  assert.not.match(namespaces, new RegExp(`hw-${lab.id}(\\.|\\s|$)`))
  assert.not(existsSync(join(lab.folder, 'hosts')))
  assert.equal(lab.hosts(), [])
  const cgroups = execFileSync('find', ['/sys/fs/cgroup', '-maxdepth', '3', '-name', lab.id], { encoding: 'utf8' })
  assert.is(cgroups, '')
})

if (process.getuid?.() === 0) test.run()
else console.log('The lab was not tested: it needs root.')
