import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { becomeSettings, connectionSettings, type CommandLineDefaults } from '../../../../lib/connection/index.ts'
import { wordsOf } from '../../../../lib/words.ts'
import { HostwrightError } from '../../../../lib/error.ts'
import { Secret } from '../../../../lib/secret.ts'

type Vars = Record<string, unknown>

function ssh(vars: Vars, defaults: CommandLineDefaults = {}): Vars {
  const settings = connectionSettings('db1', vars, defaults)
  assert.is(settings.kind, 'ssh')
  return settings.kind === 'ssh' ? { ...settings.ssh } : {}
}

const refused = (vars: Vars, message: RegExp, defaults: CommandLineDefaults = {}) =>
  assert.throws(
    () => connectionSettings('db1', vars, defaults),
    (error: unknown) =>
      error instanceof HostwrightError &&
      error.kind === 'input' &&
      error.next !== undefined &&
      message.test(error.message),
  )

const table: readonly (readonly [vars: Vars, expected: Vars, defaults?: CommandLineDefaults])[] = [
  [{}, { alias: 'db1' }],
  [
    { ansible_host: '10.0.0.1', ansible_port: 2222, ansible_user: 'deploy' },
    { alias: '10.0.0.1', port: 2222, user: 'deploy' },
  ],
  [
    { ansible_ssh_host: 'x', ansible_ssh_port: '23', ansible_ssh_user: 'y' },
    { alias: 'x', port: 23, user: 'y' },
  ],
  [{ ansible_host: '', ansible_port: null }, { alias: 'db1' }],
  [{ ansible_private_key_file: '~/.ssh/k' }, { identityFiles: ['~/.ssh/k'] }],
  [{ ansible_user: 'host' }, { user: 'host' }, { user: 'line' }],
  [{}, { user: 'line', identityFiles: ['k'] }, { user: 'line', privateKeyFile: 'k' }],
  [{ ansible_host_key_checking: false }, { hostKeyPolicy: 'off' }],
  [{ ansible_host_key_checking: 'no' }, { hostKeyPolicy: 'off' }],
  [{ ansible_host_key_checking: 'True' }, { hostKeyPolicy: undefined }],
  [{ ansible_host_key_checking: 'accept-new' }, { hostKeyPolicy: 'accept-new' }],
  [{}, { hostKeyPolicy: 'off' }, { hostKeyChecking: 'False' }],
  [{ ansible_host_key_checking: true }, { hostKeyPolicy: undefined }, { hostKeyChecking: '0' }],
  [{ ansible_ssh_common_args: '-o StrictHostKeyChecking=accept-new' }, { hostKeyPolicy: 'accept-new' }],
  [{ ansible_ssh_common_args: '-oStrictHostKeyChecking=ask' }, { hostKeyPolicy: 'strict' }],
  [{ ansible_ssh_extra_args: '-o "StrictHostKeyChecking no"' }, { hostKeyPolicy: 'off' }],
  [{ ansible_ssh_common_args: '-J me@bastion:2222,second' }, { proxyJump: 'me@bastion:2222,second' }],
  [
    { ansible_ssh_common_args: '-Jbastion -p 99 -l me -i k1 -i k2' },
    { proxyJump: 'bastion', port: 99, user: 'me', identityFiles: ['k1', 'k2'] },
  ],
  [{ ansible_port: 5, ansible_ssh_common_args: '-p 99' }, { port: 5 }],
  [{ ansible_port: 5 }, { port: 99 }, { sshArgs: '-p 99' }],
  [{ ansible_ssh_args: '-p 5', ansible_ssh_common_args: '-l x' }, { port: 5, user: 'x' }, { sshArgs: '-p 99' }],
  [{ ansible_ssh_common_args: '-l x' }, { port: 99, user: 'x' }, { sshArgs: '-p 99', sshCommonArgs: '-l y' }],
  [
    { ansible_ssh_common_args: `-o ProxyCommand="ssh -W %h:%p -q bastion"` },
    { proxyCommand: 'ssh -W %h:%p -q bastion' },
  ],
  [
    { ansible_ssh_common_args: `-o 'ProxyCommand=ip netns exec lab nc "%h" %p'` },
    { proxyCommand: 'ip netns exec lab nc "%h" %p' },
  ],
  [{ ansible_ssh_common_args: '-o ProxyJump=a -o ProxyCommand=b' }, { proxyJump: 'a', proxyCommand: undefined }],
  [{ ansible_ssh_common_args: '-o ProxyCommand=b -o ProxyJump=a' }, { proxyJump: undefined, proxyCommand: 'b' }],
  [
    { ansible_ssh_common_args: '-o UserKnownHostsFile="a b" -F cfg -46A' },
    { userKnownHosts: ['a', 'b'], configFile: 'cfg', family: 4, forwardAgent: true },
  ],
  [
    {
      ansible_ssh_common_args:
        '-C -o ControlMaster=auto -o ControlPersist=60s -o ControlPath=/tmp/x -o LogLevel=ERROR -o BatchMode=yes -o PreferredAuthentications=publickey',
    },
    { alias: 'db1', controlMaster: true, controlPersist: 60 },
  ],
  ...Object.entries({ no: 0, yes: 86_400, 0: 86_400, 90: 90, '10m': 600, '1h30m': 5400, '2w': 86_400 }).map(
    ([said, seconds]) =>
      [{ ansible_ssh_common_args: `-o ControlPersist=${said}` }, { controlPersist: seconds }] as const,
  ),
  [{ ansible_ssh_common_args: '-o ControlMaster=no' }, { controlMaster: false }],
  [
    { ansible_ssh_common_args: '-o ServerAliveInterval=5 -o ServerAliveCountMax=2 -o ConnectTimeout=7' },
    { keepaliveInterval: 5, keepaliveCount: 2, connectTimeout: 7 },
  ],
  [{}, { port: 1, user: 'x' }, { sshCommonArgs: '-p 1', sshExtraArgs: '-l x -p 2' }],
]
for (const [vars, expected, defaults] of table)
  test(`${JSON.stringify(vars)} ${JSON.stringify(defaults ?? {})}`, () => {
    const found = ssh(vars, defaults)
    for (const [key, value] of Object.entries(expected)) assert.equal(found[key], value, key)
  })

test('passwords become secrets and stay them', () => {
  for (const name of ['ansible_password', 'ansible_ssh_pass'])
    for (const value of ['geheim!', new Secret('geheim!')]) {
      const { password } = ssh({ [name]: value })
      assert.instance(password, Secret)
      assert.is((password as Secret).reveal(), 'geheim!')
    }
})

const bad: readonly (readonly [vars: Vars, message: RegExp])[] = [
  [{ ansible_port: 'ssh' }, /ansible_port/],
  [{ ansible_port: 70_000 }, /ansible_port/],
  [{ ansible_host: ['a'] }, /ansible_host/],
  [{ ansible_connection: 'winrm' }, /winrm.*ssh, local, docker/],
  [{ ansible_ssh_common_args: '-L 80:a:80' }, /-L/],
  [{ ansible_ssh_common_args: '-o PKCS11Provider=x' }, /PKCS11Provider/],
  [{ ansible_ssh_common_args: '-o StrictHostKeyChecking=perhaps' }, /StrictHostKeyChecking.*perhaps/],
  [{ ansible_ssh_common_args: '-o Port=x' }, /Port/],
  [{ ansible_ssh_common_args: '-o ControlPersist=1x' }, /ControlPersist.*1x/],
  [{ ansible_ssh_common_args: '-o' }, /-o/],
  [{ ansible_ssh_common_args: 'bastion' }, /word 1/],
  [{ ansible_ssh_common_args: "-o 'Port=1" }, /character 4 the quote ' is never closed/],
  [{ ansible_connection: 'command' }, /ansible_shell_command/],
  [{ ansible_connection: 'command', ansible_shell_command: [1] }, /ansible_shell_command/],
  [{ ansible_connection: 'nsenter', ansible_host: 'web' }, /process id/],
  [{ ansible_host_key_checking: 'sometimes' }, /ansible_host_key_checking/],
]
for (const [vars, message] of bad) test(`refused: ${JSON.stringify(vars)}`, () => refused(vars, message))

const commands: readonly (readonly [vars: Vars, argv: readonly string[]])[] = [
  [{ ansible_connection: 'docker', ansible_host: 'web1' }, ['docker', 'exec', '-i', 'web1', 'sh']],
  [{ ansible_connection: 'docker', ansible_user: 'www' }, ['docker', 'exec', '-i', '-u', 'www', 'db1', 'sh']],
  [{ ansible_connection: 'containers.podman.podman' }, ['podman', 'exec', '-i', 'db1', 'sh']],
  [{ ansible_connection: 'nsenter', ansible_host: 4711 }, ['nsenter', '-t', '4711', '-a', 'sh']],
  [{ ansible_connection: 'lxc' }, ['lxc-attach', '-n', 'db1', '--', 'sh']],
  [
    { ansible_connection: 'command', ansible_shell_command: "kubectl exec -i 'my pod' -- sh" },
    ['kubectl', 'exec', '-i', 'my pod', '--', 'sh'],
  ],
  [{ ansible_connection: 'command', ansible_shell_command: ['sh', '-l'] }, ['sh', '-l']],
]
for (const [vars, argv] of commands)
  test(`${JSON.stringify(vars)} opens ${argv.join(' ')}`, () => {
    const settings = connectionSettings('db1', vars)
    assert.equal(settings.kind === 'command' ? settings.argv : settings.kind, argv)
  })

test('localhost is this machine unless the inventory says where it is', () => {
  assert.is(connectionSettings('localhost', {}).kind, 'local')
  assert.is(connectionSettings('localhost', { ansible_port: 2222 }).kind, 'ssh')
  assert.is(connectionSettings('db1', {}, { connection: 'local' }).kind, 'local')
})

const becoming: readonly (readonly [vars: Vars, expected: Vars])[] = [
  [{}, { become: false, method: 'sudo', user: 'root' }],
  [
    { ansible_become: 'yes', ansible_become_user: 'postgres' },
    { become: true, method: 'sudo', user: 'postgres' },
  ],
  [
    { ansible_become: 'True', ansible_become_method: 'su' },
    { become: true, method: 'su', user: 'root' },
  ],
  [
    { ansible_become: 1, ansible_become_method: 'doas', ansible_doas_user: 'x' },
    { become: true, method: 'doas', user: 'x' },
  ],
  [{ ansible_become: new Secret('true') }, { become: true, method: 'sudo', user: 'root' }],
]
for (const [vars, expected] of becoming)
  test(`become ${Object.keys(vars).join(' ')}`, () => assert.equal(becomeSettings(vars), expected))

test('every name of the become password is taken, as text, number or secret', () => {
  for (const name of ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass', 'ansible_sudo_password'])
    for (const value of ['12345', 12345, new Secret('12345')])
      assert.is(becomeSettings({ [name]: value }).password?.reveal(), '12345')
})

test('an unknown become method is an input error', () => {
  assert.throws(() => becomeSettings({ ansible_become_method: 'runas' }), /sudo, su, doas/)
})

const split: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['', []],
  ['  a  b ', ['a', 'b']],
  [`a'b c'd "e f"`, ['ab cd', 'e f']],
  [`'' ""`, ['', '']],
  [`a\\ b "x\\"y" "x\\y" 'x\\y'`, ['a b', 'x"y', 'x\\y', 'x\\y']],
]
for (const [line, words] of split)
  test(`words of ${JSON.stringify(line)}`, () => assert.equal(wordsOf(line, 'the line'), words))

test.run()
