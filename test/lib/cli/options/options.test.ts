import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseOptions } from '../../../../lib/cli/options/options.ts'
import { playbookOptions } from '../../../../lib/cli/options/playbook-options.ts'
import { UsageError } from '../../../../lib/cli/options/usage-error.ts'
import { helpText } from '../../../../lib/cli/options/usage.ts'

const parse = (argv: readonly string[], env = {}) => parseOptions(playbookOptions, argv, env)
const parts = (line: string) => line.split(' ')

test('long, short, joined and repeated, around the operands', () => {
  const given = parse(parts('-Cvv site.ts -i a --inventory=b --inventory-file c -f10 -D -lweb --tags x,y -vv other.ts'))
  assert.equal(given.operands, ['site.ts', 'other.ts'])
  assert.equal(given.values('inventory'), ['a', 'b', 'c'])
  assert.is(given.count('verbose'), 4)
  assert.is(given.number('forks', 1), 10)
  assert.is(given.value('limit'), 'web')
  assert.ok(given.flag('check') && given.flag('diff') && !given.flag('become'))
})

test('the last value counts, and a value may begin with a dash', () => {
  const given = parse(['--limit', 'a', '--limit', 'b', '--ssh-common-args', '-o ProxyJump=gate', '--', '-x'])
  assert.is(given.value('limit'), 'b')
  assert.is(given.value('ssh-common-args'), '-o ProxyJump=gate')
  assert.equal(given.operands, ['-x'])
})

test('what Vagrant’s ansible provisioner passes is taken', () => {
  const argv = parts(
    '--connection=ssh --timeout=30 --limit=all --inventory-file=/v/inventory --become -vv --tags=a site.ts',
  )
  const given = parse([...argv, '--extra-vars={"a":1}'], {
    ANSIBLE_SSH_ARGS: '-o ControlMaster=auto',
    PYTHONUNBUFFERED: '1',
  })
  assert.is(given.value('connection'), 'ssh')
  assert.is(given.number('timeout', 1), 30)
  assert.is(given.value('extra-vars'), '{"a":1}')
})

const bad: readonly (readonly [string, readonly string[], string])[] = [
  ['unknown', ['--nope'], 'unknown option --nope'],
  ['misspelt', ['--chekc'], 'unknown option --chekc — did you mean --check?'],
  ['begun', ['--inv', 'x'], 'unknown option --inv — did you mean --inventory?'],
  ['unknown letter', ['-CZ'], 'unknown option -Z'],
  ['no argument', ['--limit'], '--limit wants an argument: PATTERN'],
  ['argument to a flag', ['--check=no'], '--check takes no argument'],
  ['no choice', ['--become-method=doass'], '--become-method takes sudo, su, doas, not "doass" — did you mean "doas"?'],
]
for (const [name, argv, message] of bad)
  test(`refused: ${name}`, () => {
    try {
      parse(argv)
    } catch (thrown) {
      assert.instance(thrown, UsageError)
      return assert.is((thrown as Error).message, message)
    }
    assert.unreachable()
  })

test('a number must be one', () => {
  assert.throws(() => parse(['-f', 'many']).number('forks', 1), '--forks wants a whole number from 1 on, not "many"')
  assert.throws(() => parse(['-f', '0']).number('forks', 1))
  assert.is(parse([]).number('forks', 1), undefined)
})

test('the environment speaks where the command line does not', () => {
  const env = {
    ANSIBLE_FORKS: '7',
    ANSIBLE_BECOME: 'yes',
    ANSIBLE_DIFF_ALWAYS: 'no',
    HOSTWRIGHT_INVENTORY: 'h',
    ANSIBLE_INVENTORY: 'a',
  }
  const given = parse([], env)
  assert.is(given.number('forks', 1), 7)
  assert.ok(given.flag('become') && !given.flag('diff'))
  assert.is(given.value('inventory'), 'h')
  assert.is(parse(['-f3'], env).number('forks', 1), 3)
  assert.throws(
    () => parse([], { ANSIBLE_BECOME_METHOD: 'runas' }),
    'ANSIBLE_BECOME_METHOD takes sudo, su, doas, not "runas"',
  )
})

test('the help names every option and stays within 100 columns', () => {
  const help = helpText('x', 'about', playbookOptions)
  for (const name of Object.keys(playbookOptions)) assert.match(help, `--${name}`)
  assert.ok(help.split('\n').every((line) => line.length <= 100))
})

test.run()
