/**
 * What a user reads when something is wrong: each mistake, made as one makes it, on a real command line against a real host. Whoever is woken at night must
 * find one message, its place and the next step, and a host that nobody half changed.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { users } from '../../lab/systems.ts'
import { asRoot, testLab } from './support.ts'
import { openWorkshop, playbookText, type Workshop } from './workshop.ts'

const lab = testLab('badinput')
await lab.up(['pg1', 'pg2'])
const guest = { name: 'guest', password: 'guest-horse-55' }
// A user without sudo, a file system that is full after 64 kB, and one that is read-only.
await asRoot(
  lab,
  'pg1',
  `useradd -m ${guest.name} && echo ${guest.name}:${guest.password} | chpasswd
  mkdir -p /srv/small /srv/ro && mount -t tmpfs -o size=64k tmpfs /srv/small && echo old >/srv/small/config
  mount -t tmpfs tmpfs /srv/ro && echo old >/srv/ro/config && mount -o remount,ro /srv/ro`,
)

interface Mistake {
  readonly name: string
  /** The tasks of the only play, behind one that leaves a trace on the host. */
  readonly tasks?: string
  /** The whole of the plays instead. */
  readonly plays?: string
  readonly options?: string
  readonly modules?: readonly string[]
  readonly args?: readonly string[]
  /** Edits the inventory; files that the mistake takes are written in `files`. */
  readonly inventory?: (text: string, shop: Workshop) => string
  readonly files?: Readonly<Record<string, string>>
  readonly prepare?: (shop: Workshop) => void
  readonly status: number
  /** What must be said, its place included. */
  readonly says: readonly RegExp[]
  readonly never?: readonly string[]
  /** What `next:` must offer. */
  readonly next: RegExp
  /** Whether hosts may be connected to at all; then what must be left on pg1 (a script and its output). */
  readonly left?: readonly [script: string, output: string]
}

const touch = `.task('Leave a trace', () => command({ argv: ['touch', '/srv/trace'], creates: '/srv/trace' }))`
const onPlay = (options: string, tasks: string) => `  play('One', { ${options}, become: true })\n${touch}\n${tasks},`
const files = ['command', 'copy', 'template']
/** What a run could have left behind. */
const traces = 'cd /srv && ls -d trace half config nowhere 2>/dev/null || true'
const wrongVault = 'not-the-vault-password'

const asUser = (user: { name: string; password: string }) => (text: string) =>
  text
    .replace('ansible_user=admin', `ansible_user=${user.name}`)
    .replace(/ansible_ssh_private_key_file=.*/, `ansible_password=${user.password}`)
const withKey = (key: string) => (text: string, shop: Workshop) =>
  text.replace(/(ansible_ssh_private_key_file)=.*/, `$1=${shop.path(key)}`)
const withKnownHosts = (text: string, shop: Workshop) =>
  text.replace(/UserKnownHostsFile=\S+/, `UserKnownHostsFile=${shop.path('known_hosts')}`)
const encrypt = (shop: Workshop) => {
  shop.write('vault-right', 'the-vault-password\n')
  shop.write('vault-wrong', `${wrongVault}\n`)
  const argv = ['encrypt', '--vault-password-file', shop.path('vault-right'), shop.path('group_vars/all.yml')]
  shop.write('group_vars/all.yml', 'site_token: hunter2-hunter2\n')
  assert.is(spawnSync('ansible-vault', argv).status, 0)
}

const before: readonly Mistake[] = [
  {
    name: 'a misspelt parameter',
    tasks: `.task('Bad', () => command({ argv: ['true'], chdri: '/' } as never))`,
    status: 1,
    says: [/command: unknown parameter "chdri" — did you mean "chdir"\?/, /site\.ts:6/, /task: Bad/],
    next: /hostwright doc command/,
  },
  {
    name: 'a parameter of the wrong type',
    tasks: `.task('Bad', () => command({ argv: ['true'], strip_empty_ends: 'perhaps' as never }))\n.task('Worse', () => copy({ content: 'x', dest: '/srv/x', mode: 644 as never }))`,
    modules: files,
    status: 1,
    says: [
      /2 errors/,
      /command: "strip_empty_ends" must be true or false, not "perhaps"/,
      /copy: "mode" must be text such as '0644'/,
      /site\.ts:8/,
      /site\.ts:9/,
    ],
    next: /hostwright doc copy/,
  },
  {
    name: 'a parameter that is left out',
    tasks: `.task('Bad', () => copy({ content: 'x' } as never))`,
    modules: files,
    status: 1,
    says: [/copy: "dest" is required/, /site\.ts:8/],
    next: /hostwright doc copy/,
  },
  {
    name: 'a wrong parameter in the last play, which is for another host',
    plays: `${onPlay(`hosts: 'pg1'`, '')}\n  play('Two', { hosts: 'pg2' }).task('Late', () => command({ argv: ['true'], chdri: '/' } as never)),`,
    status: 1,
    says: [/unknown parameter "chdri"/, /site\.ts:7/, /task: Late/, /host: pg2/],
    next: /hostwright doc command/,
  },
  {
    name: 'a variable that nobody sets',
    options: `hosts: 'pg1', vars: schema({ port: Type.Integer() })`,
    status: 1,
    says: [/variable "port" is not set \(play "One"\)/, /site\.ts:4/, /host: pg1/],
    next: /-e port=…/,
  },
  {
    name: 'a variable of the wrong type in the inventory',
    options: `hosts: 'all', vars: schema({ port: Type.Integer() })`,
    inventory: (text) => text.replace('pg1 ansible', 'pg1 port=5432\npg2 port=many\npg1 ansible'),
    status: 1,
    says: [/variable "port" must be a whole number, not "many"/, /hosts\.ini:4:5/, /host: pg2/],
    next: /mend its value/,
  },
  {
    name: 'a variable of the wrong type in group_vars',
    options: `hosts: 'pg1', vars: schema({ ports: listOf(Type.Integer()) })`,
    files: { 'group_vars/all.yml': 'other: 1\nports: [1, two]\n' },
    status: 1,
    says: [/variable "ports\[1\]" must be a whole number, not "two"/, /group_vars\/all\.yml:2/],
    next: /mend its value/,
  },
  {
    name: 'a secret of the wrong type is not shown',
    options: `hosts: 'pg1', vars: schema({ token: secret() })`,
    files: { 'group_vars/all.yml': 'token: [hunter2-hunter2]\n' },
    status: 1,
    says: [/variable "token" must be text/, /group_vars\/all\.yml:1/],
    never: ['hunter2'],
    next: /mend its value/,
  },
  {
    name: 'variables that are no YAML',
    files: { 'group_vars/all.yml': 'good: 1\nbad: "never closed\n' },
    status: 1,
    says: [/group_vars\/all\.yml:\d/],
    next: /mend the file/,
  },
  {
    name: 'a file of variables that is not there',
    options: `hosts: 'pg1', vars_files: ['secrets.yml']`,
    status: 1,
    says: [/vars_files of play "One": there is no secrets\.yml/, /site\.ts:4/],
    next: /make \S+\/secrets\.yml/,
  },
  {
    name: 'a file of variables that is no YAML',
    options: `hosts: 'pg1', vars_files: ['secrets.yml']`,
    files: { 'secrets.yml': 'good: 1\nbad: "never closed\n' },
    status: 1,
    says: [/secrets\.yml:\d/],
    next: /mend the file/,
  },
  {
    name: 'a file for -e that is not there',
    args: ['-e', '@extra.yml'],
    status: 1,
    says: [/does not exist/, /extra\.yml/],
    next: /correct the path/,
  },
  {
    name: 'a broken line in the inventory',
    inventory: (text) => text.replace('pg1 ansible_host', 'pg1 motto="never closed ansible_host'),
    status: 1,
    says: [/the quote " is never closed/, /hosts\.ini:3:11/],
    next: /close it/,
  },
  {
    name: 'a heading in the inventory that does not close',
    inventory: (text) => text.replace('[primary]', '[primary'),
    status: 1,
    says: [/the section heading "\[primary" does not close/, /hosts\.ini:6:1/],
    next: /write \[primary\]/,
  },
  {
    name: 'variables for a group that is not there',
    inventory: (text) => text.replace('[all:vars]', '[primray:vars]\nx=1\n\n[all:vars]'),
    status: 1,
    says: [/the group primray, which is declared nowhere — did you mean "primary"\?/, /hosts\.ini:\d+:1/],
    next: /declare it: \[primray\]/,
  },
  {
    name: 'an inventory that is not there',
    args: ['-i', 'hots.ini'],
    status: 1,
    says: [/there is no inventory hots\.ini/],
    next: /check -i/,
  },
  {
    name: 'a pattern that matches nothing',
    options: `hosts: 'primry'`,
    status: 1,
    says: [/pattern "primry" of play "One" matches no host or group — did you mean "primary"\?/, /site\.ts:4/],
    next: /the groups all, primary, replica, backup; correct the pattern/,
  },
  {
    name: 'a --limit that fits no host',
    args: ['--limit', 'pg3'],
    status: 1,
    says: [/--limit pg3 fits no host of the inventory — did you mean "pg\d"\?/],
    next: /hostwright inventory --graph/,
  },
  {
    name: 'a --limit that leaves no host',
    args: ['--limit', 'pg2'],
    status: 1,
    says: [/--limit pg2 leaves no host of "pg1"/],
    next: /--list-hosts/,
  },
  {
    name: 'an unknown option',
    args: ['--chekc'],
    status: 5,
    says: [/unknown option --chekc — did you mean --check\?/],
    next: /--help/,
  },
  {
    name: 'a wrong value of an option',
    args: ['--forks', 'many'],
    status: 5,
    says: [/--forks wants a whole number from 1 on, not "many"/],
    next: /--help/,
  },
  {
    name: 'a task to start at that is not there',
    args: ['--start-at-task', 'Leave a trce'],
    status: 1,
    says: [/--start-at-task: there is no task "Leave a trce" — did you mean "Leave a trace"\?/],
    next: /--list-tasks/,
  },
  {
    name: 'a missing vault password',
    prepare: encrypt,
    status: 1,
    says: [/this is encrypted, and no vault password was given/, /group_vars\/all\.yml:1/],
    next: /--vault-password-file FILE/,
  },
  {
    name: 'a wrong vault password',
    prepare: encrypt,
    args: ['--vault-password-file', 'vault-wrong'],
    status: 1,
    says: [/the vault password does not fit what is encrypted here/, /group_vars\/all\.yml:1/],
    never: [wrongVault, 'hunter2'],
    next: /check the file given with --vault-password-file/,
  },
  {
    name: 'a vault password file that is not there',
    args: ['--vault-password-file', 'nowhere'],
    status: 1,
    says: [/the vault password file does not exist/, /nowhere/],
    next: /--vault-password-file/,
  },
  {
    name: 'a template that is not there',
    tasks: `.task('Write', () => template({ src: 'app.conf.ejs', dest: '/srv/app.conf' }))`,
    modules: files,
    status: 1,
    says: [/there is no template "app\.conf\.ejs"/, /site\.ts:8/, /task: Write/],
    next: /put it at \S+\/templates\/app\.conf\.ejs/,
  },
  {
    name: 'a file that is not there',
    tasks: `.task('Write', () => copy({ src: 'app.conf', dest: '/srv/app.conf' }))`,
    modules: files,
    status: 1,
    says: [/there is no file "app\.conf"/, /site\.ts:8/],
    next: /put it at \S+\/files\/app\.conf/,
  },
  {
    name: 'a template that is no EJS',
    tasks: `.task('Write', () => template({ src: 'app.conf.ejs', dest: '/srv/app.conf' }))`,
    modules: files,
    files: { 'templates/app.conf.ejs': 'one\ntwo\n<% if (pg_version > 1 { %>\nthree\n<% } %>\n' },
    status: 1,
    says: [/the template is no valid EJS/, /templates\/app\.conf\.ejs:3/],
    next: /bracket that is missing/,
  },
  {
    name: 'a name in a template that nobody has defined',
    tasks: `.task('Write', () => template({ src: 'app.conf.ejs', dest: '/srv/app.conf' }))`,
    modules: files,
    files: { 'templates/app.conf.ejs': 'one\nversion = <%= pg_versoin %>\n' },
    status: 1,
    says: [/"pg_versoin" is not defined — did you mean "pg_version"\?/, /templates\/app\.conf\.ejs:2/],
    next: /define pg_versoin/,
  },
  {
    name: 'a mistake in a task’s function',
    tasks: `.task('Slip', ({ hostvars }) =>\n  command({ argv: [(hostvars('pg1')['list'] as string[]).join()] }))`,
    status: 1,
    says: [/the task's function threw TypeError/, /site\.ts:7/, /task: Slip/],
    next: /mend the playbook at this line/,
  },
  {
    name: 'a secret in an ordinary string',
    options: `hosts: 'pg1', vars: schema({ replication_password: secret() })`,
    tasks: `.task('Tell', ({ vars }) => command({ argv: ['echo', \`\${vars.replication_password}\`] }))`,
    status: 1,
    says: [/a secret was put into an ordinary string; write secretText/, /site\.ts:6/],
    next: /mend the playbook at this line/,
  },
]

const connecting: readonly Mistake[] = [
  {
    name: 'a key file that is not there',
    inventory: withKey('nowhere'),
    status: 4,
    says: [/fatal: \[pg1\]: UNREACHABLE! => the private key \S+\/nowhere is not there/],
    next: /ansible_ssh_private_key_file/,
    left: [traces, ''],
  },
  {
    name: 'a key file that holds no key',
    inventory: withKey('garbage'),
    files: { garbage: 'not a key\n' },
    status: 4,
    says: [/UNREACHABLE! => the private key \S+\/garbage is not a key that can be read/],
    next: /ansible_ssh_private_key_file/,
    left: [traces, ''],
  },
  {
    name: 'an encrypted key without its passphrase',
    inventory: withKey('locked'),
    prepare: (shop) =>
      void spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'pass-phrase', '-f', shop.path('locked')]),
    status: 4,
    says: [/UNREACHABLE! => the private key \S+\/locked is encrypted, and no passphrase is given/],
    next: /ansible_ssh_private_key_passphrase, or load the key into ssh-agent/,
    left: [traces, ''],
  },
  {
    name: 'a wrong password to log in with',
    inventory: asUser({ name: users.operator.name, password: 'wrong-horse-77' }),
    status: 4,
    says: [/UNREACHABLE! => cannot log in as operator@[\d.]+:22: refused: the password/],
    never: ['wrong-horse-77'],
    next: /correct ansible_user or ansible_password/,
    left: [traces, ''],
  },
  {
    name: 'a missing become password',
    inventory: asUser(users.operator),
    status: 2,
    says: [/fatal: \[pg1\]: FAILED! => sudo wants a password\n/],
    never: [users.operator.password],
    next: /--ask-become-pass \(-K\)/,
    left: [traces, ''],
  },
  {
    name: 'a wrong become password',
    inventory: asUser(users.operator),
    files: { become: 'wrong-horse-77\n' },
    args: ['--become-password-file', 'become'],
    status: 2,
    says: [/FAILED! => the password for sudo is wrong\n/],
    never: [users.operator.password, 'wrong-horse-77'],
    next: /give the right one/,
    left: [traces, ''],
  },
  {
    name: 'a user who may not become root',
    inventory: asUser(guest),
    files: { become: `${guest.password}\n` },
    args: ['--become-password-file', 'become'],
    status: 2,
    says: [/FAILED! => the login user is not allowed to become root with sudo\n/, /guest is not in the sudoers file/],
    never: [guest.password],
    next: /visudo/,
    left: [traces, ''],
  },
  {
    name: 'a user to become who is not there',
    tasks: `.task('As', () => command({ argv: ['touch', '/srv/half'] }), { become_user: 'nobdy' })`,
    status: 2,
    says: [/FAILED! => there is no user nobdy on the host\n/],
    next: /correct ansible_become_user, or create the user first/,
    left: [traces, 'trace\n'],
  },
  {
    name: 'a full disk',
    tasks: `.task('Write', () => copy({ content: 'x'.repeat(200_000), dest: '/srv/small/config' }))`,
    modules: files,
    status: 2,
    says: [/FAILED! => .*no space left/, /No space left on device/],
    next: /free some space/,
    left: ['ls -A /srv/small; cat /srv/small/config', 'config\nold\n'],
  },
  {
    name: 'a read-only file system',
    tasks: `.task('Write', () => copy({ content: 'new', dest: '/srv/ro/config' }))`,
    modules: files,
    status: 2,
    says: [/FAILED! => .*read-only file system/],
    next: /mount it writable/,
    left: ['ls -A /srv/ro; cat /srv/ro/config', 'config\nold\n'],
  },
  {
    name: 'an owner who is not there',
    tasks: `.task('Write', () => copy({ content: 'new', dest: '/srv/config', owner: 'nobdy' }))`,
    modules: files,
    status: 2,
    says: [/FAILED! => .*owner/, /nobdy/],
    next: /create the user or group in an earlier task/,
    left: [traces, 'trace\n'],
  },
  {
    name: 'a folder that is not there',
    tasks: `.task('Write', () => copy({ content: 'new', dest: '/srv/nowhere/config' }))`,
    modules: files,
    status: 2,
    says: [/FAILED! => .*\/srv\/nowhere/],
    next: /make it in an earlier task/,
    left: [traces, 'trace\n'],
  },
  {
    name: 'a file that only root may write',
    tasks: `.task('Write', () => copy({ content: 'new', dest: '/etc/half' }), { become: false })`,
    modules: files,
    status: 2,
    says: [/FAILED! => .*admin may not/],
    next: /become: true/,
    left: ['ls -A /etc | grep half || true', ''],
  },
  {
    name: 'a command that does not end well',
    tasks: `.task('Count', () => command({ argv: ['ls', '/srv/nowhere'] }))`,
    status: 2,
    says: [/FAILED! => the command ended with status 2/, /cannot access '\/srv\/nowhere'/, /site\.ts:6/],
    next: /see what it says/,
    left: [traces, 'trace\n'],
  },
  {
    name: 'a host key that nobody knows',
    inventory: withKnownHosts,
    status: 4,
    says: [/UNREACHABLE! => the host key of [\d.]+ is not known: ssh-ed25519 SHA256:/],
    next: /ssh-keyscan [\d.]+ >>/,
    left: [traces, ''],
  },
  {
    name: 'a host key that has changed',
    inventory: withKnownHosts,
    prepare: (shop) => {
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', shop.path('other')])
      shop.write('known_hosts', `${lab.address('pg1')} ${readFileSync(shop.path('other.pub'), 'utf8')}`)
    },
    status: 4,
    says: [/UNREACHABLE! => the host key of [\d.]+ has changed/, /known_hosts:1/],
    next: /ssh-keygen -R/,
    left: [traces, ''],
  },
  {
    name: 'a host whose name is not known',
    inventory: (text) =>
      text.replace(/ -o ProxyCommand="[^"]*"/, '').replace(/ansible_host=\S+/, 'ansible_host=pg1.invalid'),
    status: 4,
    says: [/UNREACHABLE! => cannot connect to admin@pg1\.invalid:22: the name (is not known|cannot be looked up now)/],
    next: /ansible_host|DNS/,
    left: [traces, ''],
  },
]

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
