/**
 * Values as an attacker, a password generator or somebody's surname writes them, through the parameters of modules to a real host: they arrive exactly, as
 * data and nothing else, and the next run finds nothing to do.
 */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { quote } from '../../lib/quote.ts'
import type { Host } from '../../lib/host/host.ts'
import type { Call, TaskContext } from '../../lib/play/module.ts'
import { Secret } from '../../lib/secret.ts'
import { blockinfile } from '../../modules/blockinfile.ts'
import { command } from '../../modules/command.ts'
import { copy } from '../../modules/copy.ts'
import { cron } from '../../modules/cron.ts'
import { file } from '../../modules/file.ts'
import { lineinfile } from '../../modules/lineinfile.ts'
import { pg_db } from '../../modules/pg_db.ts'
import { pg_query } from '../../modules/pg_query.ts'
import { pg_user } from '../../modules/pg_user.ts'
import { pkg } from '../../modules/pkg.ts'
import { replace } from '../../modules/replace.ts'
import { shell } from '../../modules/shell.ts'
import { template } from '../../modules/template.ts'
import { user } from '../../modules/user.ts'
import { labHost } from '../modules-lab/on-lab-host.ts'
import { prove, runCall } from '../../lib/testing/index.ts'

const { lab, asRoot } = await labHost({ id: 'hostile', system: 'replication' }, 'pg1')
/** What any of these values would make if anything of it were run. */
const trap = '/var/tmp/sprung'
await lab.console('pg1', 'mkdir -p /srv/hostile /srv/names')

const pieces = [
  `$(touch ${trap})`,
  `\`touch ${trap}\``,
  `; touch ${trap} ;`,
  `| touch ${trap}`,
  `&& touch ${trap} #`,
  `'; touch ${trap}; '`,
  `"; touch ${trap}; "`,
  `'; drop table victims; --`,
  `<% process.exit(7) %>`,
  `<%= 1 + 1 %>`,
  '{{ 1 + 1 }}',
  `\${IFS}$HOME~`,
  "'",
  '"',
  '`',
  '\\',
  '\\n',
  "\\'",
  '$$',
  '$1',
  '\\1',
  '$&',
  '%s%n',
  '!!',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '-rf',
  '--',
  ' ',
  '\t',
  '#',
  '=',
  'é',
  'e\u0301',
  '漢字',
  '🐘',
  '\u202e',
  '\u2028',
  '\u{F0000}',
  '\x01',
  '\x1b[31m',
  '\x7f',
  'EOF',
  '~root',
  '../',
]

/** Text of such pieces and of anything else that is no NUL. */
const text = (without: RegExp, more: readonly string[] = []) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...pieces, ...more) },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join('').replaceAll('\0', '').replaceAll(without, ''))
    .filter((value) => value !== '')
const never = /(?!)/g
const anything = text(never, ['\n', '\r\n', '\r', '\n\n'])
const oneLine = text(/[\n\r\v\f\u0085\u2028\u2029]/g)

function always<T>(runs: number, values: fc.Arbitrary<T>, holds: (value: T) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(values, holds)
  return fc.assert(property, { numRuns: runs, endOnFailure: true, includeErrorInReport: true })
}

/** The bytes of a file as the host itself reads them, past everything of ours. */
async function bytes(path: string): Promise<Buffer> {
  return Buffer.from(await lab.console('pg1', `base64 ${quote(path)}`), 'base64')
}

async function contains(path: string, wanted: string): Promise<void> {
  assert.is((await bytes(path)).toString(), wanted)
}

test('words of a command arrive as they are', () =>
  asRoot((host) =>
    always(40, fc.array(anything, { minLength: 1, maxLength: 4 }), async (values) => {
      const argv = ['printf', '%s\\0', ...values]
      const { result } = await runCall(host, command({ argv, expand_argument_vars: false, strip_empty_ends: false }))
      assert.equal(result.stdout, values.map((value) => `${value}\0`).join(''))
    }),
  ))

test('words whose variables are expanded run nothing either, and stay one word each', () =>
  asRoot((host) =>
    always(40, anything, async (value) => {
      const { result } = await runCall(host, command({ argv: ['sh', '-c', 'echo $#', 'sh', 'a', value, 'b'] }))
      assert.is(result.stdout, '3')
    }),
  ))

test('standard input, environment and a quoted word of a script arrive as they are', () =>
  asRoot((host) =>
    always(40, anything, async (value) => {
      const cmd = `cat; printf '\\0%s\\0' "$VALUE"; printf %s ${quote(value)}`
      const call = shell({
        cmd,
        stdin: value,
        stdin_add_newline: false,
        strip_empty_ends: false,
        environment: { VALUE: value },
      })
      assert.equal((await runCall(host, call)).result.stdout, `${value}\0${value}\0${value}`)
    }),
  ))

test('the content of a file arrives byte for byte', () =>
  asRoot((host) =>
    always(25, anything, async (content) => {
      await lab.console('pg1', 'rm -f /srv/hostile/content')
      await prove(host, copy({ content, dest: '/srv/hostile/content' }))
      await contains('/srv/hostile/content', content)
    }),
  ))

test('a variable in a template arrives as it is, and is no template itself', () =>
  asRoot((host) =>
    always(25, anything, async (value) => {
      await lab.console('pg1', 'rm -f /srv/hostile/template')
      const context: TaskContext = {
        vars: { value, hidden: new Secret(value) },
        controller: { find: () => '/t.ejs', read: () => Buffer.from('a = <%= value %>;\nb = <%= hidden %>;\n') },
      }
      await prove(host, template({ src: 't.ejs', dest: '/srv/hostile/template' }), context)
      await contains('/srv/hostile/template', `a = ${value};\nb = ${value};\n`)
    }),
  ))

const fileName = text(/\//g, ['\n', '.', '..', '-'])
  .map((name) =>
    Buffer.from(name)
      .subarray(0, 200)
      .toString()
      .replace(/\ufffd+$/, ''),
  )
  .filter((name) => name !== '' && name !== '.' && name !== '..')
test('a file, a folder and a link of any name are made, found again, and removed', () =>
  asRoot((host) =>
    always(25, fileName, async (name) => {
      const path = `/srv/names/${name}`
      const there = () => lab.console('pg1', `find /srv/names -mindepth 1 -printf '%P %l\\0'`)
      await prove(host, copy({ content: 'x', dest: path }))
      assert.is(await there(), `${name} \0`)
      await prove(host, file({ path, state: 'absent' }))
      await prove(host, file({ path, state: 'directory', mode: '0700' }))
      assert.is(await there(), `${name} \0`)
      await prove(host, file({ path, state: 'absent' }))
      await prove(host, file({ path, src: `../${name}`, state: 'link', force: true }))
      assert.is(await there(), `${name} ../${name}\0`)
      await prove(host, file({ path, state: 'absent' }))
      assert.is(await there(), '')
    }),
  ))

test('a line is put into a file once, and the others stay', () =>
  asRoot((host) =>
    always(
      25,
      text(/[\n\r]/g).filter((line) => line !== 'first' && line !== 'last'),
      async (line) => {
        await lab.console('pg1', `printf 'first\\nlast\\n' >/srv/hostile/lines`)
        await prove(host, lineinfile({ path: '/srv/hostile/lines', line, insertafter: '^first' }))
        await contains('/srv/hostile/lines', `first\n${line}\nlast\n`)
        await prove(host, lineinfile({ path: '/srv/hostile/lines', line: `${line}+`, search_string: line }))
        await contains('/srv/hostile/lines', `first\n${line}+\nlast\n`)
      },
    ),
  ))

test('a block is put between its markers once, and goes again', () =>
  asRoot((host) =>
    always(25, text(/\r/g, ['\n', '\n\n']), async (block) => {
      await lab.console('pg1', `printf 'first\\nlast\\n' >/srv/hostile/block`)
      const call = blockinfile({ path: '/srv/hostile/block', block, marker: '# {mark} here' })
      if (block.replaceAll('\n', '') === '') return
      await prove(host, call)
      const lines = block.replace(/\n$/, '')
      await contains('/srv/hostile/block', `first\nlast\n# BEGIN here\n${lines}\n# END here\n`)
      await prove(host, blockinfile({ path: '/srv/hostile/block', marker: '# {mark} here', state: 'absent' }))
      await contains('/srv/hostile/block', 'first\nlast\n')
    }),
  ))

test('what replaces a match is put in as it is', () =>
  asRoot((host) =>
    always(25, text(/[\n\r]/g), async (value) => {
      await lab.console('pg1', `printf 'key=old\\n' >/srv/hostile/replace`)
      // A backslash means a group there, as in Ansible; doubled it is itself.
      const wanted = value.replaceAll('\\', '\\\\')
      await runCall(host, replace({ path: '/srv/hostile/replace', regexp: '^key=old$', replace: `key=${wanted}` }))
      await contains('/srv/hostile/replace', `key=${value}\n`)
    }),
  ))

test('the comment of an account arrives as it is', () =>
  asRoot(async (host) => {
    await runCall(host, user({ name: 'hostile', create_home: false }))
    await always(20, text(/[:\x00-\x1f\x7f-\x9f]/g), async (comment) => {
      await lab.console('pg1', `usermod -c '' hostile`)
      await prove(host, user({ name: 'hostile', create_home: false, comment }))
      const fields = (await bytes('/etc/passwd'))
        .toString()
        .split('\n')
        .find((line) => line.startsWith('hostile:'))
      assert.is(fields?.split(':')[4], comment)
    })
  }))

// crontab(1) itself refuses a command that begins with an asterisk.
test('a job of cron arrives as it is, beside the others', () =>
  asRoot((host) =>
    always(
      20,
      oneLine.filter((job) => !/^\s*(\*|$)/.test(job)),
      async (job) => {
        await lab.console('pg1', `printf '# mine\\n0 1 * * * true\\n' | crontab -`)
        const call = cron({ name: 'hostile', minute: '5', job })
        assert.is((await runCall(host, call)).changed, true)
        assert.is((await runCall(host, call)).changed, false)
        const table = await lab.console('pg1', 'crontab -l')
        assert.is(table, `# mine\n0 1 * * * true\n#Ansible: hostile\n5 * * * * ${job}\n`)
        await runCall(host, cron({ name: 'hostile', state: 'absent' }))
        assert.is(await lab.console('pg1', 'crontab -l'), '# mine\n0 1 * * * true\n')
      },
    ),
  ))

const nul = 'a\0b'
const withNul: readonly (readonly [what: string, call: Call<unknown>])[] = [
  ['a word of a command', command({ argv: ['echo', nul] })],
  ['a command line', command({ cmd: `echo ${nul}` })],
  ['a script', shell({ cmd: `echo ${nul}` })],
  ['a variable of the environment', shell({ cmd: 'true', environment: { A: nul } })],
  ['the folder to run in', command({ argv: ['true'], chdir: `/${nul}` })],
  ['the path of a copy', copy({ content: 'x', dest: `/srv/hostile/${nul}` })],
  ['the path of a folder', file({ path: `/srv/hostile/${nul}`, state: 'directory' })],
  ['the target of a link', file({ path: '/srv/hostile/link', src: nul, state: 'link', force: true })],
  ['the path of a file to edit', lineinfile({ path: `/srv/hostile/${nul}`, line: 'x', create: true })],
  ['an owner', file({ path: '/srv/hostile', owner: nul })],
  ['a job', cron({ name: 'nul', job: nul })],
  ['a comment', user({ name: 'hostile', comment: nul })],
  ['the name of a user', user({ name: nul })],
  ['the name of a package', pkg({ name: nul })],
]
for (const [what, call] of withNul)
  test(`a NUL byte in ${what} is refused in words, and nothing is done`, () =>
    asRoot(async (host) => {
      const before = await lab.console('pg1', 'ls -la /srv/hostile; crontab -l; cat /etc/passwd')
      const error = await runCall(host, call).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      assert.ok(error instanceof Error, 'it was accepted')
      assert.match(error.message, /NUL|\\u0000/)
      assert.is(await lab.console('pg1', 'ls -la /srv/hostile; crontab -l; cat /etc/passwd'), before)
    }))

test('a NUL byte in the content of a file is a byte like any other', () =>
  asRoot(async (host) => {
    await prove(host, copy({ content: 'a\0b', dest: '/srv/hostile/nul' }))
    await contains('/srv/hostile/nul', 'a\0b')
  }))

const megabyte = `${'\'$(x)\\ "é'.repeat(100_000)}end`
const large: readonly (readonly [what: string, use: (host: Host) => Promise<void>])[] = [
  [
    'standard input',
    async (host) => {
      const call = shell({ cmd: 'cat', stdin: megabyte, stdin_add_newline: false })
      assert.ok((await runCall(host, call)).result.stdout === megabyte)
    },
  ],
  [
    'a file',
    async (host) => {
      await prove(host, copy({ content: megabyte, dest: '/srv/hostile/large' }))
      assert.ok((await bytes('/srv/hostile/large')).toString() === megabyte)
    },
  ],
  [
    'a line',
    async (host) => {
      await prove(host, lineinfile({ path: '/srv/hostile/large-line', line: megabyte, create: true }))
      assert.ok((await bytes('/srv/hostile/large-line')).toString() === `${megabyte}\n`)
    },
  ],
  [
    'a variable of a template',
    async (host) => {
      const controller = { find: () => '/t.ejs', read: () => Buffer.from('<%= value %>') }
      const call = template({ src: 't.ejs', dest: '/srv/hostile/large-template' })
      await prove(host, call, { vars: { value: megabyte }, controller })
      assert.ok((await bytes('/srv/hostile/large-template')).toString() === megabyte)
    },
  ],
]
for (const [what, use] of large) test(`a megabyte goes through ${what} whole`, () => asRoot(use))

test('a word longer than the host’s kernel takes is an error in words, and the connection goes on', () =>
  asRoot(async (host) => {
    const error = await runCall(host, command({ argv: ['echo', megabyte] })).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof Error, 'it was accepted')
    assert.match(error.message, /^.{0,2000}$/s)
    assert.is((await runCall(host, command({ argv: ['echo', 'still here'] }))).result.stdout, 'still here')
  }))

test('PostgreSQL: names, comments, passwords and values arrive as they are', () =>
  asRoot(async (host) => {
    await runCall(host, pkg({ name: 'postgresql' }))
    const psql = (statement: string, env = '') =>
      lab.console('pg1', `${env} runuser -u postgres -- psql -XAtq -d postgres -f -`, statement)
    await psql('create table victims (name text)')
    const name = text(/[\n\r]/g, ['\n', '"', '""']).map((value) =>
      Buffer.from(value)
        .subarray(0, 60)
        .toString()
        .replace(/\ufffd+$/, ''),
    )
    const named = name.filter((value) => value !== '' && !value.startsWith('pg_'))
    await always(15, fc.record({ name: named, comment: anything, password: anything }), async (role) => {
      await prove(host, pg_user({ ...role, role_attr_flags: 'CREATEDB' }))
      const seen = await psql(
        `select encode(convert_to(rolname || E'\\t' || shobj_description(oid, 'pg_authid'), 'utf8'), 'base64') from pg_roles where rolcreatedb and not rolsuper`,
      )
      assert.is(Buffer.from(seen, 'base64').toString(), `${role.name}\t${role.comment}`)
      await prove(host, pg_db({ name: role.name, owner: role.name, comment: role.comment }))
      await prove(host, pg_db({ name: role.name, state: 'absent' }))
      await prove(host, pg_user({ name: role.name, state: 'absent' }))
      const { result } = await runCall(
        host,
        pg_query({ query: 'select $1::text as value', positional_args: [role.comment] }),
      )
      assert.equal(result.rows, [{ value: role.comment }])
      const both = await runCall(
        host,
        pg_query({ query: 'select %(a)s::text as a, %(b)s::text as b', named_args: { a: role.comment, b: role.name } }),
      )
      assert.equal(both.result.rows, [{ a: role.comment, b: role.name }])
    })
    assert.is(await psql('select count(*) from victims'), '0\n')
  }))

test('PostgreSQL: a role logs in with the password it was given, whatever that holds', () =>
  asRoot((host) =>
    always(15, fc.oneof(oneLine, text(/[^ -~]/g)), async (password) => {
      await runCall(host, pg_user({ name: 'logs_in', password }))
      const ask = pg_query({
        query: 'select current_user::text as me',
        login_user: 'logs_in',
        login_password: password,
        login_host: '127.0.0.1',
        login_db: 'postgres',
      })
      // node-postgres prepares what is no ASCII more simply than the server does, so some of it opens for libpq only.
      if (/^[ -~]*$/.test(password)) assert.equal((await runCall(host, ask)).result.rows, [{ me: 'logs_in' }])
      // psql is a client that shares nothing with ours.
      const said = await lab.console(
        'pg1',
        'IFS= read -r PGPASSWORD; export PGPASSWORD; psql -XAtq -h 127.0.0.1 -U logs_in -d postgres -c "select 1"',
        `${password}\n`,
      )
      assert.is(said, '1\n')
    }),
  ))

test('nothing of all this was ever run', async () => {
  assert.is(await lab.console('pg1', `ls ${trap} 2>/dev/null || true`), '')
})

test.after(() => lab.down())
test.run()
