import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { firstHosts, hostsIn, relayed, withoutProxy, withVars } from '../../bench/hosts/inventory.ts'

const inventory = `# a lab
[light]
light1 ansible_host=10.77.1.1 private_ip=10.77.1.1
light2 ansible_host=10.77.1.2 private_ip=10.77.1.2

[all:vars]
ansible_user=admin
ansible_ssh_common_args=-o UserKnownHostsFile=/lab/known_hosts -o StrictHostKeyChecking=yes -o ProxyCommand="nsenter --net=/run/netns/x nc %h %p"
`

test('on the lab’s own network nobody goes through a proxy, and host keys are still checked', () => {
  assert.match(
    withoutProxy(inventory),
    /^ansible_ssh_common_args=-o UserKnownHostsFile=\/lab\/known_hosts -o StrictHostKeyChecking=yes$/m,
  )
})

test('the first hosts only', () => {
  assert.equal(hostsIn(firstHosts(inventory, 1)), [{ name: 'light1', address: '10.77.1.1', port: '22' }])
  assert.match(firstHosts(inventory, 1), 'ansible_user=admin')
})

test('through a relay each host has a port of its own, and the keys that belong to it', () => {
  const text = relayed(inventory, '10.77.0.1', { light1: 4001, light2: 4002 }, '/tmp/keys')
  assert.equal(hostsIn(text), [
    { name: 'light1', address: '10.77.0.1', port: '4001' },
    { name: 'light2', address: '10.77.0.1', port: '4002' },
  ])
  assert.match(text, 'UserKnownHostsFile=/tmp/keys ')
  assert.not.match(text, '/lab/known_hosts')
})

test('variables are added to those of all hosts', () => {
  assert.ok(withVars(inventory, { site: 'example.org' }).endsWith('nc %h %p"\nsite=example.org\n'))
})

const standIn = fileURLToPath(new URL('../../bench/hosts/systemctl.sh', import.meta.url))
const asked = [
  [
    ['show', '--property=ActiveState,UnitFileState', '--', 'cron', 'ssh'],
    'ActiveState=active\nUnitFileState=enabled\n\n'.repeat(2).slice(0, -1),
  ],
  [['is-enabled', 'cron.service'], 'enabled\n'],
  [['show', '--property=Version'], 'Version=252\n'],
] as const
for (const [args, answer] of asked)
  test(`a host without systemd answers systemctl ${args.join(' ')}`, () => {
    assert.equal(spawnSync('sh', [standIn, ...args], { encoding: 'utf8' }).stdout, answer)
  })

test('a host without systemd does not pretend to start a service', () => {
  assert.is(spawnSync('sh', [standIn, 'start', 'cron']).status, 1)
})

test.run()
