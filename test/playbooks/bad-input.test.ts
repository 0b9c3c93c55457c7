/**
 * What a user reads when something is wrong: each mistake, made as one makes it, on a real command line against a real host. Whoever is woken at night must
 * find one message, its place and the next step, and a host that nobody half changed.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { before } from './mistakes/before-connecting.ts'
import { onPlay, encrypt, guest, type Mistake } from './mistakes/mistake.ts'
import { connecting } from './mistakes/on-a-host.ts'
import { asRoot, testLab } from './support.ts'
import { openWorkshop, playbookText } from './workshop.ts'

const lab = testLab('badinput')
await lab.up(['pg1', 'pg2'])
// A user without sudo, a file system that is full after 64 kB, and one that is read-only.
await asRoot(
  lab,
  'pg1',
  `useradd -m ${guest.name} && echo ${guest.name}:${guest.password} | chpasswd
  mkdir -p /srv/small /srv/ro && mount -t tmpfs -o size=64k tmpfs /srv/small && echo old >/srv/small/config
  mount -t tmpfs tmpfs /srv/ro && echo old >/srv/ro/config && mount -o remount,ro /srv/ro`,
)

const passwords = [...lab.inventory().matchAll(/^\w*password=(.+)$/gm)].map(([, password = '']) => password)

async function told(mistake: Mistake): Promise<void> {
  const shop = openWorkshop(lab)
  try {
    mistake.prepare?.(shop)
    for (const [name, text] of Object.entries(mistake.files ?? {})) shop.write(name, text)
    shop.write('hosts.ini', mistake.inventory?.(shop.inventory, shop) ?? shop.inventory)
    const plays = mistake.plays ?? onPlay(mistake.options ?? `hosts: 'pg1'`, mistake.tasks ?? '')
    shop.write('site.ts', playbookText(plays, mistake.modules))
    const inventory = mistake.args?.includes('-i') === true ? [] : ['-i', 'hosts.ini']
    const { status, text } = await shop.play('site.ts', [...inventory, ...(mistake.args ?? [])])
    assert.is(status, mistake.status, text)
    for (const words of mistake.says) assert.match(text, words)
    readsWell(text)
    for (const word of [...passwords, ...(mistake.never ?? [])]) assert.not.ok(text.includes(word), `shows ${word}`)
    const nexts = text.split('\n').filter((line) => /^ +next: /.test(line))
    assert.ok(nexts.length > 0 && mistake.next.test(nexts.join('\n')), text)
    if (mistake.left === undefined) {
      assert.equal(shop.takeWays(), [], 'no host was connected to')
      assert.is(await asRoot(lab, 'pg1', 'ls /srv/trace 2>/dev/null || true'), '')
    } else assert.is(await asRoot(lab, 'pg1', mistake.left[0]), mistake.left[1])
  } finally {
    await asRoot(lab, 'pg1', 'rm -f /srv/trace')
    shop.close()
  }
}

/** One message, told once, in words: no stack, no Node codes, nothing that is `undefined`. */
function readsWell(text: string): void {
  assert.is((text.match(/^(ERROR!|fatal:)/gm) ?? []).length, 1, `one message:\n${text}`)
  assert.not.match(text, /^\s+at .*:\d+:\d+/m, text)
  assert.not.match(text, /\bE[A-Z]{4,}:|node:|\[object |\bundefined\b(?! \(reading)/, text)
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  assert.is(new Set(lines).size, lines.length, `a line is told twice:\n${text}`)
}

for (const mistake of before)
  test(`${mistake.name}: told before any host is connected to, with its place and the next step`, () => told(mistake))
for (const mistake of connecting)
  test(`${mistake.name}: told in one message, and the host is not left half changed`, () => told(mistake))

test('a vault password that fits opens what is encrypted, vars_files included, and shows none of it', async () => {
  const shop = openWorkshop(lab)
  try {
    encrypt(shop)
    const options = `hosts: 'pg1', vars_files: ['group_vars/all.yml'], vars: schema({ site_token: secret() })`
    const task = `.task('Use', ({ vars }) => command({ argv: ['sh', '-c', 'cat; exit 3'], stdin: secretText\`t=\${vars.site_token}\` }))`
    shop.write('site.ts', playbookText(onPlay(options, task)))
    const args = ['-i', 'hosts.ini', '--vault-password-file', 'vault-right', '-vvv']
    const { status, text } = await shop.play('site.ts', args)
    assert.is(status, 2, text)
    assert.match(text, /stdout: \*{8}\n/)
    assert.not.match(text, 'hunter2')
  } finally {
    await asRoot(lab, 'pg1', 'rm -f /srv/trace')
    shop.close()
  }
})

test('the command `hostwright run` tells the same mistake in the same words as the playbook itself', async () => {
  const shop = openWorkshop(lab)
  try {
    shop.write('site.ts', playbookText(onPlay(`hosts: 'primry'`, '')))
    const args = ['-i', 'hosts.ini']
    const [own, run] = [await shop.play('site.ts', args), await shop.hostwright(['run', 'site.ts', ...args])]
    assert.is(run.status, own.status)
    assert.is(run.text, own.text)
  } finally {
    shop.close()
  }
})

test('a dead host is given up with its reason, and the living ones are done', async () => {
  const shop = openWorkshop(lab)
  try {
    await lab.kill('pg2')
    shop.write('site.ts', playbookText(onPlay(`hosts: 'all'`, '')))
    const { status, text } = await shop.play('site.ts', ['-i', 'hosts.ini', '--timeout', '3'])
    assert.is(status, 4, text)
    assert.match(text, /fatal: \[pg2\]: UNREACHABLE! => cannot connect to \S+: no answer within 3 seconds/)
    assert.match(text, /next: see whether the host is up/)
    readsWell(text)
    assert.match(text, /pg1 +: ok=1 +changed=1 +unreachable=0/)
    assert.match(text, /pg2 +: ok=0 +changed=0 +unreachable=1/)
    assert.is(await asRoot(lab, 'pg1', 'ls /srv/trace'), '/srv/trace\n')
  } finally {
    shop.close()
  }
})

test.after(() => lab.down())
test.run()
