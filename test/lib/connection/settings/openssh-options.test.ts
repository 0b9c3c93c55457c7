import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connectionSettings, type CommandLineDefaults } from '../../../../lib/connection/index.ts'
import { loginCommand, programCommand } from '../../../../lib/connection/transports/openssh/command-line.ts'
import { optionWords, readArguments } from '../../../../lib/connection/settings/openssh-options.ts'
import { HostwrightError } from '../../../../lib/error.ts'
import { Secret } from '../../../../lib/secret.ts'

function openssh(vars: Record<string, unknown>, defaults: CommandLineDefaults = {}) {
  const settings = connectionSettings('db1', { ansible_connection: 'openssh', ...vars }, defaults)
  assert.is(settings.kind, 'openssh')
  if (settings.kind !== 'openssh') throw new Error()
  return settings.openssh
}

const passed: readonly (readonly [vars: Record<string, unknown>, args: string, defaults?: CommandLineDefaults])[] = [
  [{}, ''],
  [{ ansible_port: 22, ansible_user: 'me' }, '-o Port=22 -o User=me'],
  [{ ansible_user: 'DOM\\me' }, '-o User="DOM\\\\me"'],
  [{ ansible_ssh_private_key_file: '~/a b' }, '-o IdentityFile="~/a b"'],
  [{}, '-o IdentityFile=k', { privateKeyFile: 'k' }],
  [{ ansible_host_key_checking: 'no' }, '-o StrictHostKeyChecking=no'],
  [{ ansible_ssh_host_key_checking: 'accept-new' }, '-o StrictHostKeyChecking=accept-new'],
  [{ ansible_host_key_checking: 'yes' }, ''],
  [
    {
      ansible_port: 2,
      ansible_ssh_args: '-o Port=1 -C',
      ansible_ssh_common_args: '-J a,b',
      ansible_ssh_extra_args: '-oPort=3',
    },
    '-o Port=1 -C -o Port=2 -J a,b -o Port=3',
  ],
  // What is about terminals and shared connections is this transport's own affair.
  [{ ansible_ssh_common_args: '-qtTv -M -S /x -e none -4Cp5' }, '-4 -C -p 5'],
  [{ ansible_ssh_common_args: '-o CertificateFile=c -I token.so -K' }, '-o CertificateFile=c -I token.so -K'],
]
for (const [vars, args, defaults] of passed)
  test(`ssh gets what ${JSON.stringify({ ...vars, ...defaults })} says`, () =>
    assert.is(openssh(vars, defaults).args.join(' '), args))

const refused: readonly (readonly [vars: Record<string, unknown>, message: RegExp])[] = [
  // ssh would take it for the host.
  [{ ansible_ssh_common_args: 'bastion' }, /word 1/],
  [{ ansible_ssh_common_args: '-C -- bastion' }, /word 2/],
  ...['-f', '-N', '-W a:1', '-s', '-O exit', '-G', '-Q mac', '-Z', '-p'].map(
    (args) => [{ ansible_ssh_common_args: args }, new RegExp(args.slice(0, 2))] as const,
  ),
  [{ ansible_ssh_common_args: '-o ForkAfterAuthentication=yes' }, /ForkAfterAuthentication/],
  [{ ansible_host: '-oProxyCommand=x' }, /host name/],
  [{ ansible_host: '$(id)' }, /host name/],
  [{ ansible_user: 'a;b' }, /user/],
  [{ ansible_port: 70_000 }, /ansible_port/],
]
for (const [vars, message] of refused)
  test(`refused before a host is touched: ${JSON.stringify(vars)}`, () =>
    assert.throws(
      () => openssh(vars),
      (error: unknown) => error instanceof HostwrightError && error.kind === 'input' && message.test(error.message),
    ))

test('an argument that is no option may be a password, and is not shown', () => {
  assert.throws(
    () => readArguments('-o A=b hunter2'),
    (error: Error) => !error.message.includes('hunter2'),
  )
})

test('what must be as it is comes first, and a password is in no argument', () => {
  const options = openssh({
    ansible_password: new Secret('geheim'),
    ansible_ssh_common_args: '-o BatchMode=yes -o ConnectTimeout=3',
  })
  const line = loginCommand(options, '/run/x/s', 10).join(' ')
  assert.not.match(line, /geheim/)
  assert.match(line, /BatchMode=no .*BatchMode=yes .*ConnectTimeout=3 .*ConnectTimeout=10 .*-S \/run\/x\/s -- db1$/)
  assert.match(loginCommand(openssh({}), '/s', 10).join(' '), /BatchMode=yes/)
  assert.match(programCommand(options, '/s', 'exec sh', false).join(' '), /^ssh -F none -S \/s .*-- db1 exec sh$/)
})

test('a path is one word of ssh’s configuration, whatever it holds', () =>
  assert.equal(optionWords('IdentityFile', 'a "b" \\c'), ['-o', 'IdentityFile="a \\"b\\" \\\\c"']))

test('the login user is known where no argument can name another', () => {
  assert.is(openssh({ ansible_user: 'me' }).user, 'me')
  assert.is(openssh({ ansible_user: 'me', ansible_ssh_args: '-l you' }).user, undefined)
})

test.run()
