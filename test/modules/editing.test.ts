// needs: busybox
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Unreadable } from '../../lib/host/unreadable.ts'
import { Secret } from '../../lib/secret.ts'
import { blockinfile } from '../../modules/blockinfile.ts'
import { copy } from '../../modules/copy.ts'
import { file } from '../../modules/file.ts'
import { lineinfile } from '../../modules/lineinfile.ts'
import { replace } from '../../modules/replace.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost, proveIn } from './on-host.ts'
import { prove, refusal, runCall, simulate } from '../../lib/testing/index.ts'

for (const kind of kinds) {
  for (const { name, params } of lineinfile.definition.examples)
    test(`${kind}: lineinfile: ${name}`, () =>
      onHost(kind, (host, folder) => proveIn(host, folder, lineinfile, params)))
  for (const { name, params } of blockinfile.definition.examples)
    test(`${kind}: blockinfile: ${name}`, () =>
      onHost(kind, (host, folder) => proveIn(host, folder, blockinfile, params)))
  for (const { name, params } of replace.definition.examples)
    test(`${kind}: replace: ${name}`, () =>
      onHost(kind, (host, folder) => {
        writeFileSync(join(folder, 'hosts'), '192.0.2.1 old.example.org\n')
        return proveIn(host, folder, replace, params)
      }))
}

test('lineinfile: messages, diff and attributes are Ansible’s', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'conf')
    writeFileSync(path, '#port = 1\n#port = 2\nx\n', { mode: 0o644 })
    const done = await prove(host, lineinfile({ path, regexp: '^#?port', line: 'port = 3', mode: '0600' }))
    assert.is(done.result.msg, 'line replaced and ownership or perms changed')
    assert.equal(done.diff, [
      { of: path, before: '#port = 1\n#port = 2\nx\n', after: '#port = 1\nport = 3\nx\n' },
      { of: path, before: { mode: '0644' }, after: { mode: '0600' } },
    ])
    const gone = await prove(host, lineinfile({ path, regexp: 'port', state: 'absent' }))
    assert.is(gone.result.msg, '2 line(s) removed')
    assert.is((await prove(host, lineinfile({ path, line: 'y\n' }))).result.msg, 'line added')
    assert.is(readFileSync(path, 'utf8'), 'x\ny\n')
  }))

test('lineinfile: back references, secrets, links, backups', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'conf')
    writeFileSync(path, 'host = a:1\n')
    symlinkSync('conf', join(folder, 'link'))
    const call = lineinfile({
      path: join(folder, 'link'),
      regexp: '^host = (?P<name>\\w+):(\\d+)$',
      line: 'host = \\g<name>, port = \\2',
      backrefs: true,
      backup: true,
    })
    const { result } = await prove(host, call)
    assert.is(readFileSync(path, 'utf8'), 'host = a, port = 1\n')
    assert.is(readFileSync(result.backup_file ?? '', 'utf8'), 'host = a:1\n')
    await prove(host, lineinfile({ path, regexp: '^password', line: new Secret('password = geheim') }))
    assert.match(readFileSync(path, 'utf8'), 'geheim')
  }))

test('what earlier tasks of a simulated run have written, later ones edit', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'later', 'conf')
    const simulated = simulate(host)
    await runCall(simulated, file({ path: join(folder, 'later'), state: 'directory' }))
    await runCall(simulated, copy({ content: 'a\nb\n', dest: path }))
    const done = await runCall(simulated, lineinfile({ path, regexp: '^a', line: 'A' }))
    assert.equal(done.diff, [{ of: path, before: 'a\nb\n', after: 'A\nb\n' }])
    const block = await runCall(simulated, blockinfile({ path, block: 'c', marker: '# {mark}' }))
    assert.is(block.diff[0]?.after, 'A\nb\n# BEGIN\nc\n# END\n')
    assert.is(existsSync(path), false)
  }))

test('create makes the folders on the way; absent needs no file', () =>
  onHost('gnu', async (host, folder) => {
    await prove(host, lineinfile({ path: join(folder, 'a/b/c'), line: 'x', create: true, mode: '0640' }))
    assert.is((statSync(join(folder, 'a/b/c')).mode & 0o777).toString(8), '640')
    await prove(host, blockinfile({ path: join(folder, 'd/e'), block: 'x', create: true }))
    for (const call of [
      lineinfile({ path: join(folder, 'none'), line: 'x', state: 'absent' }),
      blockinfile({ path: join(folder, 'none'), state: 'absent' }),
    ])
      assert.is((await runCall<{ readonly path: string }>(host, call)).changed, false)
  }))

test('replace: counts, sections, nothing outside', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'f')
    writeFileSync(path, 'a\n[x]\na\na\n[y]\na\n')
    const done = await prove(host, replace({ path, regexp: '^a$', replace: 'b', after: '\\[x\\]', before: '\\[y\\]' }))
    assert.is(done.result.msg, '2 replacements made')
    assert.is(readFileSync(path, 'utf8'), 'a\n[x]\nb\nb\n[y]\na\n')
    const none = await runCall(host, replace({ path, regexp: 'a', replace: 'b', after: 'nowhere' }))
    assert.match(none.result.msg, 'did not match the given file')
  }))

test('what is refused leaves the file as it was', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'f')
    writeFileSync(path, 'a\n')
    chmodSync(path, 0o644)
    mkdirSync(join(folder, 'd'))
    const refusals: readonly (readonly [Parameters<typeof runCall>[1], string])[] = [
      [lineinfile({ path }), '"line" is required'],
      [lineinfile({ path, line: 'x', regexp: 'a', search_string: 'b' }), 'only one of "regexp" and "search_string"'],
      [lineinfile({ path, line: 'x', insertafter: 'a', insertbefore: 'b' }), 'only one of'],
      [lineinfile({ path, line: 'x', regexp: '(a' }), 'no usable regular expression'],
      [lineinfile({ path, line: 'x', regexp: '(?x) a' }), 'no counterpart'],
      [lineinfile({ path, line: '\\2', regexp: '(a)', backrefs: true }), 'has no group 2'],
      [lineinfile({ path, line: 'x', backrefs: true }), '"backrefs" needs "regexp"'],
      [lineinfile({ path, line: 'x\ny' }), 'several lines'],
      [lineinfile({ path, state: 'absent' }), 'is required for state: absent'],
      [lineinfile({ path: join(folder, 'none'), line: 'x' }), 'there is no file'],
      [lineinfile({ path: join(folder, 'd'), line: 'x' }), 'is a directory'],
      [lineinfile({ path, line: 'x', validate: 'false %s' }), 'did not pass'],
      [lineinfile({ path, line: 'x', owner: 'nobody-of-that-name' }), 'not known on the host'],
      [blockinfile({ path, block: 'x', marker: '# mark' }), '{mark}'],
      [blockinfile({ path, block: 'x', marker_begin: 'END' }), 'must differ'],
      [blockinfile({ path: join(folder, 'none'), block: 'x' }), 'there is no file'],
      [replace({ path, regexp: 'a', replace: '\\g<n>' }), 'has no group "n"'],
      [replace({ path, regexp: '[' }), 'no usable regular expression'],
      [replace({ path: join(folder, 'none'), regexp: 'a' }), 'there is no file'],
    ]
    for (const [call, message] of refusals) assert.match(await refusal(host, call), message)
    assert.is(readFileSync(path, 'utf8'), 'a\n')
  }))

test('a missing file can be a prediction, not a failure, where an earlier task may bring it', () =>
  onHost('gnu', async (host, folder) => {
    const error = await runCall(host, lineinfile({ path: join(folder, 'none'), line: 'x' })).catch((e: unknown) => e)
    assert.instance(error, Unreadable)
  }))

test.run()
