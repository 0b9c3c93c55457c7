/** Runs as they go on real hosts over ssh: other users, other hosts, hosts that die, users who press Ctrl-C, and what a run tells meanwhile. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { users } from '../../lab/systems.ts'
import type { Event, ResultEvent } from '../../lib/events/event.ts'
import { asRoot, snapshot, testLab, waitFor } from './support.ts'
import { openWorkshop, playbookText, type Seen, type Workshop } from './workshop.ts'

const lab = testLab('sessions')
await lab.up(['pg1', 'pg2'])

/** A workshop with this playbook as site.ts, for one test. */
async function withSite(plays: string, modules: readonly string[], use: (shop: Workshop) => Promise<void>) {
  const shop = openWorkshop(lab)
  try {
    shop.write('site.ts', playbookText(plays, modules))
    await use(shop)
  } finally {
    shop.close()
  }
}

const site = ['site.ts', '-i', 'hosts.ini'] as const

/** The events of a run in JSON; every line must be one. */
function eventsOf({ stdout }: Seen): readonly Event[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
}

function resultsOf(seen: Seen): readonly ResultEvent[] {
  return eventsOf(seen).filter((event): event is ResultEvent => event.type === 'result')
}

const whoAmI = `  play('Who', { hosts: 'all', become: true })
    .task('root', () => command({ argv: ['id', '-un'], changes: false }))
    .task('nobody', () => command({ argv: ['id', '-un'], changes: false }), { become_user: 'nobody' })
    .task('login', () => command({ argv: ['id', '-un'], changes: false }), { become: false })
    .block('as games', (b) =>
      b.task('games', () => command({ argv: ['id', '-un'], changes: false }))
       .task('root again', () => command({ argv: ['id', '-un'], changes: false }), { become_user: 'root' }),
      { become_user: 'games' }),`

const whoRan = (seen: Seen) =>
  resultsOf(seen)
    .filter((event) => event.host === 'pg1')
    .map((event) => `${event.task}: ${String(event.result['stdout'])}`)

test('each task runs as the user it names, with a sudo that asks for no password', () =>
  withSite(whoAmI, ['command'], async (shop) => {
    const seen = await shop.play(site[0], [...site.slice(1), '--output', 'json'])
    assert.is(seen.status, 0, seen.text)
    const wanted = ['root: root', 'nobody: nobody', 'login: admin', 'games: games', 'root again: root']
    assert.equal(whoRan(seen), wanted)
    assert.is(shop.takeWays().length, 2, 'one connection to each host serves all users')
  }))

test('… and with one that asks, whose password is shown nowhere', () =>
  withSite(whoAmI, ['command'], async (shop) => {
    const { name, password } = users.operator
    const login = `ansible_user=${name}\nansible_password=${password}`
    const inventory = shop.inventory.replace(/ansible_user=.*\n.*private_key_file=.*/, login)
    shop.write('hosts.ini', inventory)
    shop.write('become', `${password}\n`)
    const args = ['-i', 'hosts.ini', '--become-password-file', 'become', '--output', 'json', '-vvv']
    const seen = await shop.play('site.ts', args)
    assert.is(seen.status, 0, seen.text)
    const wanted = ['root: root', 'nobody: nobody', 'login: operator', 'games: games', 'root again: root']
    assert.equal(whoRan(seen), wanted)
    assert.not.ok(seen.text.includes(password))
  }))

test('a task that is delegated acts on the other host, and its result is the first one’s', () =>
  withSite(
    `  play('Delegate', { hosts: 'pg1', become: true })
    .task('Ask the other', () => command({ argv: ['hostname'], changes: false }), { delegate_to: 'pg2', register: 'there' })
    .task('Write there', ({ host, results }) => copy({ content: \`\${host} asked \${results.there.stdout}\\n\`, dest: '/srv/asked' }), { delegate_to: 'pg2' }),`,
    ['command', 'copy'],
    async (shop) => {
      const seen = await shop.play('site.ts', site.slice(1))
      assert.is(seen.status, 0, seen.text)
      assert.match(seen.text, 'changed: [pg1 -> pg2]')
      assert.match(seen.text, /^pg1 +: ok=2 +changed=1/m)
      assert.not.match(seen.text, /^pg2 +:/m)
      assert.is(await asRoot(lab, 'pg2', 'cat /srv/asked'), 'pg1 asked pg2\n')
      assert.is(await asRoot(lab, 'pg1', 'ls /srv/asked 2>/dev/null || true'), '')
    },
  ))

const many = `  play('Much', { hosts: 'pg1', become: true })
    .task('A file', () => copy({ content: 'one\\ntwo\\n', dest: '/srv/much/file', mode: '0640' }))
    .task('A line', () => lineinfile({ path: '/srv/much/file', line: 'three' }))
    .task('A user', () => user({ name: 'much', comment: 'Much' }))
    .task('A job', () => cron({ name: 'much', job: 'true', user: 'much', cron_file: 'much' }))
    .task('A command', () => command({ argv: ['touch', '/srv/much/touched'] }), { notify: 'tell' }),`
const withFolder = many.replace(
  `.task('A file'`,
  `.handler('tell', () => command({ argv: ['touch', '/srv/much/told'] }))
    .task('A folder', () => file({ path: '/srv/much', state: 'directory' }))
    .task('A file'`,
)
const manyModules = ['command', 'copy', 'cron', 'file', 'lineinfile', 'user']

test('check mode predicts what the run then changes, with its diff, and leaves the host alone', () =>
  withSite(withFolder, manyModules, async (shop) => {
    const before = await snapshot(lab, 'pg1')
    const check = await shop.play('site.ts', [...site.slice(1), '--check', '--diff', '--output', 'json'])
    assert.is(check.status, 0, check.text)
    assert.is(await snapshot(lab, 'pg1'), before)
    assert.not.ok(shop.has('.hostwright'), 'nothing is remembered of a run that did not happen')
    const run = await shop.play('site.ts', [...site.slice(1), '--diff', '--output', 'json'])
    assert.is(run.status, 0, run.text)
    const told = (seen: Seen) => resultsOf(seen).map(({ task, status, diff }) => ({ task, status, diff }))
    assert.equal(told(check), told(run))
    assert.is(told(run).filter(({ status }) => status === 'changed').length, 7)
  }))

test('-v shows results, --diff differences, and neither is there unasked', () =>
  withSite(withFolder, manyModules, async (shop) => {
    await asRoot(lab, 'pg1', 'rm -rf /srv/much')
    const check = (...more: string[]) => shop.play('site.ts', [...site.slice(1), '--check', ...more])
    const [plain, verbose, diff] = [await check(), await check('-v'), await check('--diff')]
    assert.not.match(plain.text, /=> \{|^[-+]/m)
    assert.match(verbose.text, /^changed: \[pg1\] => \{"changed": true, .*"dest": "\/srv\/much\/file"/m)
    assert.match(
      diff.text,
      /^--- before: \/srv\/much\/file\n\+\+\+ after: \/srv\/much\/file\n@@ -0,0 \+1,2 @@\n\+one\n\+two\n/m,
    )
    for (const seen of [plain, verbose, diff]) assert.is(seen.status, 0, seen.text)
  }))

const slow = `  play('Slow', { hosts: 'all', become: true })
    .handler('tell', () => command({ argv: ['touch', '/srv/told'] }))
    .task('Change', () => copy({ content: 'new', dest: '/srv/changed' }), { notify: 'tell' })
    .task('Wait', ({ host }) => shell({ cmd: 'test -e /srv/quick || for i in $(seq 60); do echo "step $i"; sleep 1; done' }))
    .task('After', () => command({ argv: ['touch', '/srv/after'] })),`
const cleanUp = () =>
  Promise.all(['pg1', 'pg2'].map((host) => asRoot(lab, host, 'rm -f /srv/told /srv/changed /srv/after /srv/quick')))

test('a long task says how long it takes and what it last said; Ctrl-C is told as such, and what is owed is made up for', () =>
  withSite(slow, ['command', 'copy', 'shell'], async (shop) => {
    await cleanUp()
    const run = shop.start('site.ts', site.slice(1))
    await waitFor('a word about the long task', 60, () => Promise.resolve(run.text().includes('... [pg2]')))
    process.kill(run.pid, 'SIGINT')
    const seen = await run.ended
    assert.match(seen.stderr, /^\.\.\. \[pg1\] Wait: \d+s, step \d+$/m)
    assert.is(seen.status, 99, seen.text)
    assert.match(seen.text, /\[WARNING\]: interrupted: what is under way is cut off/)
    for (const host of ['pg1', 'pg2'])
      assert.match(seen.text, new RegExp(`fatal: \\[${host}\\]: FAILED! => interrupted: cut off after \\d+ s\\n`))
    assert.match(seen.text, /next: .*running the playbook again completes it/)
    assert.not.match(seen.text, /141|UNREACHABLE|After|\.\.\.ignoring|\s+at .*:\d+:\d+/)
    assert.match(seen.text, /\[pg1\] handlers that did not run: tell; the next run runs them/)
    await Promise.all(['pg1', 'pg2'].map((host) => asRoot(lab, host, 'touch /srv/quick')))
    const next = await shop.play('site.ts', site.slice(1))
    assert.is(next.status, 0, next.text)
    assert.match(next.text, /pg1: an earlier run still owes tell; this run makes up for it/)
    assert.match(next.text, /RUNNING HANDLER \[tell\][^\n]*\nchanged: \[pg1\]\nchanged: \[pg2\]/)
  }))

test('a run that is killed outright still owes its handlers, and the next one runs them once', () =>
  withSite(slow, ['command', 'copy', 'shell'], async (shop) => {
    await cleanUp()
    const run = shop.startHostwright(['run', ...site])
    await waitFor('the task after the change', 60, () => Promise.resolve(run.text().includes('TASK [Wait]')))
    process.kill(run.pid, 'SIGKILL')
    assert.is((await run.ended).status, 137)
    await Promise.all(['pg1', 'pg2'].map((host) => asRoot(lab, host, 'touch /srv/quick')))
    const next = await shop.play('site.ts', site.slice(1))
    assert.is(next.status, 0, next.text)
    assert.match(next.text, /TASK \[Change\][^\n]*\nok: \[pg1\]\nok: \[pg2\]/)
    assert.match(next.text, /RUNNING HANDLER \[tell\][^\n]*\nchanged: \[pg1\]\nchanged: \[pg2\]/)
    const third = await shop.play('site.ts', site.slice(1))
    assert.not.match(third.text, 'RUNNING HANDLER')
  }))

test('a host that dies in the middle of a task is given up with its reason, and the other goes on', () =>
  withSite(slow, ['command', 'copy', 'shell'], async (shop) => {
    await cleanUp()
    await asRoot(lab, 'pg1', 'touch /srv/quick')
    const alive = '-o ServerAliveInterval=1 -o ServerAliveCountMax=3 -o UserKnownHostsFile'
    shop.write('hosts.ini', shop.inventory.replace('-o UserKnownHostsFile', alive))
    const run = shop.start('site.ts', site.slice(1))
    await waitFor('the long task', 60, () => Promise.resolve(run.text().includes('TASK [Wait]')))
    await lab.kill('pg2')
    const seen = await run.ended
    await lab.start('pg2')
    assert.is(seen.status, 4, seen.text)
    assert.match(
      seen.text,
      /fatal: \[pg2\]: UNREACHABLE! => the connection was lost: the host has been silent for 3 seconds\n/,
    )
    assert.match(seen.text, /next: see whether the host is up/)
    assert.match(seen.text, /^pg1 +: ok=4 +changed=4 +unreachable=0/m)
    assert.match(seen.text, /^pg2 +: ok=1 +changed=1 +unreachable=1/m)
    assert.match(seen.text, /\[pg2\] handlers that did not run: tell/)
  }))

test('the inventory is shown as ansible-inventory shows it', async () => {
  const shop = openWorkshop(lab)
  try {
    shop.write('group_vars/primary.yml', 'role: primary\nports: [5432, 6432]\n')
    const [list, theirList] = await both(shop, ['--list'])
    assert.equal(JSON.parse(list), JSON.parse(theirList))
    const [host, theirHost] = await both(shop, ['--host', 'pg1'])
    assert.equal(JSON.parse(host), JSON.parse(theirHost))
    const [graph, theirGraph] = await both(shop, ['--graph'])
    assert.is(graph, theirGraph)
  } finally {
    shop.close()
  }
})

async function both(shop: Workshop, args: readonly string[]): Promise<readonly [string, string]> {
  const all = [...args, '-i', 'hosts.ini']
  const [ours, theirs] = [await shop.hostwright(['inventory', ...all]), await shop.program('ansible-inventory', all)]
  assert.is(ours.status, 0, ours.text)
  assert.is(theirs.status, 0, theirs.text)
  return [ours.stdout, theirs.stdout]
}

test.after(() => lab.down())
test.run()
