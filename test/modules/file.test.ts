// needs: busybox
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { file } from '../../modules/file.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost, proveIn } from './on-host.ts'
import { prove, refusal, runCall } from '../../lib/testing/index.ts'

for (const kind of kinds)
  for (const { name, params } of file.definition.examples)
    test(`${kind}: ${name}`, () => onHost(kind, (host, folder) => proveIn(host, folder, file, params)))

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

test('a directory gets its parents, and its attributes show in the result', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'a/b')
    const done = await prove(
      host,
      file({ path, state: 'directory', owner: '12', group: 'daemon', mode: 'u=rwx,g=rx,o=' }),
    )
    assert.equal(done.result, {
      path,
      state: 'directory',
      owner: '12',
      uid: 12,
      group: 'daemon',
      mode: '0750',
      size: 0,
    })
    assert.equal(done.diff, [{ of: path, before: { state: 'absent' }, after: { state: 'directory' } }])
    assert.is(modeOf(join(folder, 'a')), '750')
  }))

test('attributes of what is there are compared by name or number, and the diff has only what differs', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'f')
    writeFileSync(path, '', { mode: 0o644 })
    const done = await prove(host, file({ path, owner: 'root', group: '1', mode: '0600' }))
    assert.equal(done.diff, [
      { of: path, before: { group: 'root', mode: '0644' }, after: { group: '1', mode: '0600' } },
    ])
    assert.is((await runCall(host, file({ path, owner: '0', group: 'daemon', mode: 'u=rw' }))).changed, false)
  }))

test('recurse reaches everything below and leaves alone where links lead', () =>
  onHost('gnu', async (host, folder) => {
    mkdirSync(join(folder, 'd/e'), { recursive: true })
    writeFileSync(join(folder, 'd/e/f'), '', { mode: 0o600 })
    writeFileSync(join(folder, 'outside'), '', { mode: 0o600 })
    symlinkSync(join(folder, 'outside'), join(folder, 'd/link'))
    symlinkSync('d', join(folder, 'to-d'))
    const path = join(folder, 'to-d')
    await prove(host, file({ path, state: 'directory', recurse: true, group: '3', mode: 'a+rX,g+w' }))
    assert.equal(
      [modeOf(join(folder, 'd/e')), modeOf(join(folder, 'd/e/f')), modeOf(join(folder, 'outside'))],
      ['775', '664', '600'],
    )
    assert.equal([statSync(join(folder, 'd/e/f')).gid, statSync(join(folder, 'outside')).gid], [3, 0])
  }))

test('links: made, moved, refused, forced', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'link')
    writeFileSync(join(folder, 'one'), '')
    writeFileSync(join(folder, 'two'), '')
    assert.match(await refusal(host, file({ path, src: 'none', state: 'link' })), 'there is no none')
    await prove(host, file({ path, src: 'one', state: 'link' }))
    const moved = await prove(host, file({ path, src: 'two', state: 'link', mode: '0640' }))
    assert.equal(moved.diff[0], { of: path, before: { src: 'one' }, after: { src: 'two' } })
    assert.is(modeOf(join(folder, 'two')), '640')
    await prove(host, file({ path, src: 'none', state: 'link', force: true }))
    assert.is(readlinkSync(path), 'none')
    assert.match(await refusal(host, file({ path: join(folder, 'one'), src: 'two', state: 'link' })), 'not replaced')
    await prove(host, file({ path: join(folder, 'one'), src: 'two', state: 'link', force: true }))
    mkdirSync(join(folder, 'd/e'), { recursive: true })
    assert.match(
      await refusal(host, file({ path: join(folder, 'd'), src: '../two', state: 'link', force: true })),
      'not empty',
    )
    await prove(host, file({ path: join(folder, 'd/e'), src: '../../two', state: 'link', force: true }))
    assert.match(await refusal(host, file({ path: join(folder, 'x'), state: 'link' })), 'nothing says where')
  }))

test('hard links share the file', () =>
  onHost('gnu', async (host, folder) => {
    const [src, path] = [join(folder, 'one'), join(folder, 'hard')]
    writeFileSync(src, 'x')
    await prove(host, file({ path, src, state: 'hard' }))
    assert.is(statSync(path).ino, statSync(src).ino)
    writeFileSync(join(folder, 'other'), '')
    const other = file({ path: join(folder, 'other'), src, state: 'hard' })
    assert.match(await refusal(host, other), 'not replaced')
    await prove(host, file({ path: join(folder, 'other'), src, state: 'hard', force: true }))
  }))

test('absent takes a link and not what it leads to, and a directory with all it holds', () =>
  onHost('gnu', async (host, folder) => {
    mkdirSync(join(folder, 'd/e'), { recursive: true })
    symlinkSync('d', join(folder, 'link'))
    await prove(host, file({ path: join(folder, 'link'), state: 'absent' }))
    assert.is(existsSync(join(folder, 'd/e')), true)
    const done = await prove(host, file({ path: join(folder, 'd'), state: 'absent' }))
    assert.equal(done.diff, [{ of: join(folder, 'd'), before: { state: 'directory' }, after: { state: 'absent' } }])
  }))

for (const kind of kinds)
  test(`${kind}: absent takes a link that leads to itself`, () =>
    onHost(kind, async (host, folder) => {
      const path = join(folder, 'loop')
      symlinkSync('loop', path)
      await prove(host, file({ path, state: 'absent' }))
      assert.is(lstatSync(path, { throwIfNoEntry: false }), undefined)
    }))

test('touch always changes, unless the times are preserved', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'f')
    assert.is((await runCall(host, file({ path, state: 'touch', mode: '0600' }))).changed, true)
    assert.is(modeOf(path), '600')
    utimesSync(path, 1, 1)
    const kept = { modification_time: 'preserve', access_time: 'preserve' } as const
    assert.is((await runCall(host, file({ path, state: 'touch', ...kept }))).changed, false)
    assert.is((await runCall(host, file({ path, state: 'touch' }))).changed, true)
    assert.ok(statSync(path).mtimeMs > 1000)
  }))

test('what is in the way is named, and stays', () =>
  onHost('gnu', async (host, folder) => {
    writeFileSync(join(folder, 'f'), '')
    mkdirSync(join(folder, 'd'))
    symlinkSync('none', join(folder, 'nowhere'))
    const refusals: readonly (readonly [Parameters<typeof file>[0], string])[] = [
      [{ path: join(folder, 'f'), state: 'directory' }, 'is a file, not a directory'],
      [{ path: join(folder, 'd'), state: 'file' }, 'is a directory, not a file'],
      [{ path: join(folder, 'none'), state: 'file' }, 'there is no file'],
      [{ path: join(folder, 'none') }, 'there is no file'],
      [{ path: join(folder, 'nowhere'), state: 'directory' }, 'leads nowhere'],
      [{ path: join(folder, 'f'), recurse: true, state: 'file' }, '"recurse" goes with'],
      [{ path: join(folder, 'f'), src: 'x' }, '"src" goes with'],
      [{ path: join(folder, 'f'), mode: 'rw' }, 'permission bits'],
      [{ path: 'relative', state: 'directory' }, 'not an absolute path'],
    ]
    for (const [params, message] of refusals) assert.match(await refusal(host, file(params)), message)
    assert.is(lstatSync(join(folder, 'f')).isFile(), true)
  }))

test('without a state what is there stays what it is', () =>
  onHost('gnu', async (host, folder) => {
    mkdirSync(join(folder, 'd'))
    chmodSync(join(folder, 'd'), 0o755)
    const done = await prove(host, file({ path: join(folder, 'd'), mode: '0700' }))
    assert.is(done.result.state, 'directory')
  }))

test.run()
