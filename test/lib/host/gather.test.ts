// needs: busybox openssh-server openssh-client
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { familyOf, serviceManager } from '../../../lib/host/facts/systems.ts'
import { parseFacts } from '../../../lib/host/facts/parse.ts'
import { gatherFacts } from '../../../lib/host/gather.ts'
import type { HostShell } from '../../../lib/host/host-shell.ts'
import { groupsScript, parseGroups, parseUsers, usersScript } from '../../../lib/host/users/query.ts'

const sections = (said: Readonly<Record<string, string>>): string =>
  Object.entries(said)
    .map(([name, text]) => `\u0001${name}\n${text}\n`)
    .join('')

test('a Debian host', () => {
  const facts = parseFacts(
    sections({
      uname: 'db1\nLinux\n6.12.43\nx86_64\n#1 SMP Debian 6.12.43-1',
      fqdn: 'db1.example.org',
      machine: '7496113af377cedc9b44adde16ed7aa7',
      release:
        'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian',
      version: '13.7',
      cpus: '4',
      memory: 'MemTotal:       24684092 kB\nMemFree:        19467712 kB\nSwapTotal:             0 kB',
      init: 'systemd\nsystemd',
      packages: '/usr/bin/apt-get',
      virtual: 'kvm',
      addresses: `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
1: lo    inet6 ::1/128 scope host noprefixroute \\       valid_lft forever preferred_lft forever
2: eth0@if5    inet 10.77.0.14/16 scope global eth0\\       valid_lft forever preferred_lft forever
2: eth0@if5    inet6 fe80::4d:ff:fe00:e/64 scope link proto kernel_ll \\       valid_lft forever preferred_lft forever`,
      routes: 'default via 10.77.0.1 dev eth0 \n\n',
      user: 'root\n0\n0\n/root\nroot:x:0:0:root:/root:/bin/bash',
      uptime: '2597.61 9000.00',
      date: '1795162307 2026-11-20 08:11:47 UTC +0000',
      mounts: `Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/vda         264212084 180000000  78631486      70% /
tmpfs                 1024         0      1024       0% /run
/dev/vdb              2048      1024      1024      50% /srv/with space

/dev/vda / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/vdb /srv/with\\040space xfs rw 0 0`,
      env: 'HOME=/root\0LANG=C.UTF-8\0MULTI=a\nb=c\0',
    }),
  )
  assert.is(facts.fqdn, 'db1.example.org')
  assert.is(facts.domain, 'example.org')
  assert.equal(
    [
      facts.os_family,
      facts.distribution,
      facts.distribution_version,
      facts.distribution_major_version,
      facts.distribution_release,
    ],
    ['Debian', 'Debian', '13.7', '13', 'trixie'],
  )
  assert.equal(
    [facts.processor_vcpus, facts.memtotal_mb, facts.service_mgr, facts.pkg_mgr],
    [4, 24105, 'systemd', 'apt'],
  )
  assert.equal(facts.all_ipv4_addresses, ['10.77.0.14'])
  assert.equal(facts.default_ipv4, { address: '10.77.0.14', interface: 'eth0', gateway: '10.77.0.1' })
  assert.equal(facts.default_ipv6, {})
  assert.is(facts.env['MULTI'], 'a\nb=c')
  assert.is(facts.date_time.iso8601, '2026-11-20T08:11:47Z')
  assert.equal(facts.mounts, [
    { mount: '/', device: '/dev/vda', fstype: 'ext4', size_total: 264212084 * 1024, size_available: 78631486 * 1024 },
    {
      mount: '/srv/with space',
      device: '/dev/vdb',
      fstype: 'xfs',
      size_total: 2048 * 1024,
      size_available: 1024 * 1024,
    },
  ])
})

test('an Alpine host', () => {
  const facts = parseFacts(
    sections({
      uname: 'a1\nLinux\n6.6.1\naarch64\n#1-Alpine SMP',
      release: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"',
      version: '3.20.3',
      cpus: '2',
      init: 'init\n/sbin/rc-service',
      packages: '/sbin/apk',
      user: 'admin\n1000\n1000\n/home/admin\nadmin:x:1000:1000::/home/admin:/bin/ash',
      env: 'HOME=/home/admin\0',
    }),
  )
  assert.equal([facts.os_family, facts.distribution, facts.distribution_major_version], ['Alpine', 'Alpine', '3'])
  assert.equal([facts.service_mgr, facts.pkg_mgr, facts.user_shell, facts.fqdn], ['openrc', 'apk', '/bin/ash', 'a1'])
  assert.is(facts.virtualization_type, 'unknown')
  assert.equal(facts.mounts, [])
})

const families = [
  ['ubuntu', 'debian', 'Ubuntu', 'Ubuntu', 'Debian'],
  ['rocky', 'rhel centos fedora', 'Rocky Linux', 'Rocky', 'RedHat'],
  ['raspbian', 'debian', 'Raspbian GNU/Linux', 'Raspbian', 'Debian'],
  ['unheard', '', 'Unheard Of', 'Unheard', 'Unheard'],
] as const
for (const [id, like, name, distribution, family] of families)
  test(`${id} is ${distribution} of the ${family} family`, () =>
    assert.equal(familyOf(id, like, name), { distribution, family }))

test('what runs as process 1', () => {
  assert.is(serviceManager(['systemd', 'systemd']), 'systemd')
  assert.is(serviceManager(['init', '/sbin/rc-service']), 'openrc')
  assert.is(serviceManager(['init']), 'sysvinit')
  assert.is(serviceManager(['sshd']), 'sshd')
})

/** A host on which busybox is everything there is. */
const folder = mkdtempSync(join(tmpdir(), 'busybox-'))
spawnSync('busybox', ['--install', '-s', folder])
const busybox = {
  name: 'busybox',
  user: 'root',
  request: (script: { text: string }, { input = '' } = {}) => {
    const { status, stdout, stderr } = spawnSync(join(folder, 'ash'), ['-c', script.text], {
      input,
      env: { PATH: folder, HOME: '/root' },
    })
    return Promise.resolve({ status: status ?? 1, stdout, stderr })
  },
} as unknown as HostShell

test('busybox alone tells its facts', async () => {
  const facts = await gatherFacts(busybox)
  assert.ok(facts.nodename !== '' && facts.processor_vcpus > 0 && facts.memtotal_mb > 0)
  assert.is(facts.user_id, 'root')
  assert.is(facts.env['HOME'], '/root')
  assert.is(facts.pkg_mgr, 'unknown')
})

test('busybox alone, without getent, tells about accounts', async () => {
  const names = ["no'such", 'daemon', '0', 'root']
  const users = parseUsers(names, (await busybox.request(usersScript(names))).stdout.toString())
  assert.equal(
    users.map((user) => user && [user.uid, user.group, user.home]),
    [undefined, [1, 'daemon', '/usr/sbin'], undefined, [0, 'root', '/root']],
  )
  const groups = parseGroups(names, (await busybox.request(groupsScript(names))).stdout.toString())
  assert.equal(
    groups.map((group) => group?.gid),
    [undefined, 1, undefined, 0],
  )
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
