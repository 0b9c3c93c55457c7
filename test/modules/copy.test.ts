// needs: busybox
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { validate } from '../../lib/schema/index.ts'
import { Secret } from '../../lib/secret.ts'
import { holdsUnknown } from '../../lib/play/module.ts'
import { copy } from '../../modules/copy.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost, proveIn } from './on-host.ts'
import { prove, refusal, runCall, simulate, taskIn } from '../../lib/testing/index.ts'

for (const kind of kinds)
  for (const { name, params } of copy.definition.examples)
    test(`${kind}: ${name}`, () => onHost(kind, (host, folder) => proveIn(host, folder, copy, params)))

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

test('content: the diff, the result, and only attributes when the content is right', () =>
  onHost('gnu', async (host, folder) => {
    const dest = join(folder, 'f')
    writeFileSync(dest, 'old\n', { mode: 0o644 })
    const done = await prove(host, copy({ content: 'new\n', dest, owner: '5', mode: '0600' }))
    assert.equal(done.diff, [
      { of: dest, before: 'old\n', after: 'new\n' },
      { of: dest, before: { owner: 'root', mode: '0644' }, after: { owner: '5', mode: '0600' } },
    ])
    assert.equal(done.result, {
      dest,
      checksum: done.result.checksum,
      state: 'file',
      owner: '5',
      uid: 5,
      group: 'root',
      gid: 0,
      mode: '0600',
      size: 4,
    })
    const again = await prove(host, copy({ content: 'new\n', dest, mode: '0640' }))
    assert.equal(again.diff, [{ of: dest, before: { mode: '0600' }, after: { mode: '0640' } }])
  }))

test('bytes stay as they are, and what is no text or long is shown by size and checksum', () =>
  onHost('gnu', async (host, folder) => {
    const bytes = Buffer.from([0, 255, 13, 10, 128])
    writeFileSync(join(folder, 'binary'), bytes)
    const task = taskIn(folder)
    const binary = await prove(host, copy({ src: 'binary', dest: join(folder, 'b') }), task)
    assert.equal(readFileSync(join(folder, 'b')), bytes)
    assert.equal(Object.keys(binary.diff[0]?.after ?? {}), ['size', 'sha256'])
  }))

test('a long file is sent as a stream, and its checksum comes with the run', () =>
  onHost('gnu', async (host, folder) => {
    const [src, dest] = [join(folder, 'long'), join(folder, 'l')]
    const hash = (algorithm: string) => createHash(algorithm).update(readFileSync(src)).digest('hex')
    const size = 2_000_000
    const task = taskIn(folder)
    writeFileSync(src, 'x'.repeat(size))
    const call = copy({ src: 'long', dest })
    const made = await prove(host, call, task)
    assert.equal(made.diff, [{ of: dest, before: { state: 'absent' }, after: { size } }])
    assert.is(made.result.checksum, hash('sha1'))
    const before = { size, sha256: hash('sha256') }
    writeFileSync(src, `${'x'.repeat(size - 1)}y`)
    const mended = await prove(host, call, task)
    assert.equal(mended.diff, [{ of: dest, before, after: { size, sha256: hash('sha256') } }])
    assert.ok(readFileSync(dest).equals(readFileSync(src)))
    assert.is((await runCall(host, call, task)).result.checksum, hash('sha1'))
    writeFileSync(dest, 'short')
    const { diff } = await prove(host, copy({ src: 'long', dest, checksum: hash('sha1') }), task)
    assert.equal(diff, [{ of: dest, before: { size: 5 }, after: { size } }])
  }))

test('a file that is longer than any buffer is planned without being read', () =>
  onHost('gnu', async (host, folder) => {
    const [src, dest] = [join(folder, 'huge'), join(folder, 'h')]
    writeFileSync(src, '')
    truncateSync(src, 5e9)
    const { module, schema, params } = copy({ src, dest })
    const valid = validate(schema, params, 'parameter')
    const plan = await module.plan(valid.ok ? valid.value : undefined, host, taskIn(folder))
    assert.equal(plan.changed && plan.diff, [{ of: dest, before: { state: 'absent' }, after: { size: 5e9 } }])
  }))

test('a folder as destination, there or to be made', () =>
  onHost('gnu', async (host, folder) => {
    writeFileSync(join(folder, 'source'), 'x', { mode: 0o755 })
    mkdirSync(join(folder, 'd'))
    const task = taskIn(folder)
    assert.is(
      (await prove(host, copy({ src: 'source', dest: join(folder, 'd') }), task)).result.dest,
      join(folder, 'd/source'),
    )
    await prove(
      host,
      copy({ src: 'source', dest: join(folder, 'n/m/'), mode: 'preserve', directory_mode: '0700' }),
      task,
    )
    assert.equal([modeOf(join(folder, 'n/m/source')), modeOf(join(folder, 'n/m'))], ['755', '700'])
  }))

test('a link at the destination is replaced, or followed', () =>
  onHost('gnu', async (host, folder) => {
    writeFileSync(join(folder, 'f'), 'old')
    symlinkSync('f', join(folder, 'link'))
    await prove(host, copy({ content: 'new', dest: join(folder, 'link'), follow: true }))
    assert.is(readFileSync(join(folder, 'f'), 'utf8'), 'new')
    await prove(host, copy({ content: 'new', dest: join(folder, 'link') }))
    assert.is(lstatSync(join(folder, 'link')).isFile(), true)
    assert.is(readFileSync(join(folder, 'f'), 'utf8'), 'new')
  }))

test('folders of this machine', () =>
  onHost('gnu', async (host, folder) => {
    mkdirSync(join(folder, 'src/a/empty'), { recursive: true })
    writeFileSync(join(folder, 'src/a/f'), 'f')
    symlinkSync('f', join(folder, 'src/a/link'))
    const task = taskIn(folder)
    await prove(host, copy({ src: 'src', dest: join(folder, 'one'), mode: '0640', directory_mode: '0750' }), task)
    assert.equal([modeOf(join(folder, 'one/src/a/f')), modeOf(join(folder, 'one/src/a/empty'))], ['640', '750'])
    assert.is(lstatSync(join(folder, 'one/src/a/link')).isFile(), true)
    await prove(host, copy({ src: 'src/', dest: join(folder, 'two'), local_follow: false }), task)
    assert.is(readlinkSync(join(folder, 'two/a/link')), 'f')
    writeFileSync(join(folder, 'src/a/f'), 'changed')
    const done = await prove(host, copy({ src: 'src/', dest: join(folder, 'two'), local_follow: false }), task)
    assert.equal(done.diff, [{ of: join(folder, 'two/a/f'), before: 'f', after: 'changed' }])
    const kept = copy({ src: 'src/', dest: join(folder, 'one/src'), force: false })
    assert.is((await runCall(host, kept, task)).changed, false)
  }))

test('from one place of the host to another', () =>
  onHost('gnu', async (host, folder) => {
    mkdirSync(join(folder, 'src/a'), { recursive: true })
    writeFileSync(join(folder, 'src/a/f'), 'f')
    chmodSync(join(folder, 'src/a/f'), 0o751)
    symlinkSync('a/f', join(folder, 'src/link'))
    await prove(host, copy({ src: join(folder, 'src/'), dest: join(folder, 'to'), remote_src: true, mode: 'preserve' }))
    assert.is(modeOf(join(folder, 'to/a/f')), '751')
    assert.is(readlinkSync(join(folder, 'to/link')), 'a/f')
    await prove(host, copy({ src: join(folder, 'src/a/f'), dest: join(folder, 'to/'), remote_src: true }))
    assert.match(
      await refusal(host, copy({ src: join(folder, 'none'), dest: folder, remote_src: true })),
      'on the host',
    )
  }))

test('force: false leaves a file that is there alone', () =>
  onHost('gnu', async (host, folder) => {
    writeFileSync(join(folder, 'f'), 'old')
    const done = await runCall(host, copy({ content: 'new', dest: join(folder, 'f'), force: false }))
    assert.equal([done.changed, done.result.msg], [false, 'file already exists'])
  }))

test('the backup is named by the run, and not known before', () =>
  onHost('gnu', async (host, folder) => {
    const dest = join(folder, 'f')
    writeFileSync(dest, 'old')
    const call = copy({ content: 'new', dest, backup: true })
    const predicted = await runCall(simulate(host), call)
    assert.ok(holdsUnknown(predicted.result))
    const { backup_file } = (await prove(host, call)).result as { backup_file?: string }
    assert.is(readFileSync(backup_file ?? '', 'utf8'), 'old')
  }))

test('secrets arrive as they are', () =>
  onHost('gnu', async (host, folder) => {
    await prove(host, copy({ content: new Secret('very secret'), dest: join(folder, 'f') }))
    assert.is(readFileSync(join(folder, 'f'), 'utf8'), 'very secret')
  }))

test('what is refused leaves the host as it was', () =>
  onHost('gnu', async (host, folder) => {
    const dest = join(folder, 'f')
    writeFileSync(join(folder, 'source'), 'x')
    const refusals: readonly (readonly [Parameters<typeof copy>[0], string])[] = [
      [{ dest }, '"src" or "content" is required'],
      [{ dest, src: 'source', content: 'x' }, 'only one of "src" and "content"'],
      [{ dest: `${dest}/`, content: 'x' }, '"dest" must be a file'],
      [{ dest, content: 'x', validate: 'true' }, 'must contain %s'],
      [{ dest, content: 'x', validate: 'false %s' }, 'did not pass'],
      [{ dest, content: 'x', owner: 'nobody-of-that-name' }, 'not known on the host'],
      [{ dest: join(folder, 'none/f'), content: 'x' }, 'folder on the way to it is missing'],
      [{ dest: folder, content: 'x' }, 'is a directory'],
      [{ dest, src: 'source', checksum: '00' }, 'has the SHA-1'],
    ]
    for (const [params, message] of refusals) assert.match(await refusal(host, copy(params), taskIn(folder)), message)
    assert.is(existsSync(dest), false)
  }))

test.run()
