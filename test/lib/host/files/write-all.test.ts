// needs: busybox
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../../lib/error.ts'
import { archive } from '../../../../lib/host/files/archive.ts'
import type { FileToWrite } from '../../../../lib/host/files/files.ts'
import type { FileWriter, WriteOptions } from '../../../../lib/host/files/files.ts'
import { placementOf } from '../../../../lib/host/files/placement.ts'
import { remoteFileReader } from '../../../../lib/host/files/remote/remote-reader.ts'
import { remoteFiles } from '../../../../lib/host/files/remote/remote.ts'
import { kinds, withFiles, withGround, type Kind } from './hosts-here.ts'
import { inFolder } from '../../../../lib/testing/index.ts'

/** Files of a host, and how many requests have gone to it. */
function counted(kind: Kind, use: (files: FileWriter, folder: string, requests: () => number) => Promise<void>) {
  return withGround(kind, (hostShell, folder) => {
    let requests = 0
    const counting: typeof hostShell = {
      ...hostShell,
      request: (...asked) => {
        requests += 1
        return hostShell.request(...asked)
      },
    }
    return use(remoteFiles(counting, remoteFileReader(counting)), folder, () => requests)
  })
}

const written = (path: string, text: string, options: WriteOptions = {}): FileToWrite => ({
  path,
  content: { in: 'memory', bytes: Buffer.from(text) },
  options: { follow: false, ...options },
})
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

async function refusal(work: Promise<void>): Promise<HostwrightError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof HostwrightError) return error
  throw new Error('it should have been refused')
}

for (const kind of kinds) {
  test(`${kind}: many files are one request, from here or from the host`, () =>
    counted(kind, async (files, folder, requests) => {
      await files.makeDirectories([join(folder, 'a/b'), join(folder, 'a/c d')], { mode: '0750' })
      assert.is(requests(), 1)
      const names = Array.from({ length: 200 }, (_, i) => join(i % 2 ? 'a/b' : 'a/c d', `-f ${i}\n`))
      await files.writeAll(names.map((name) => written(join(folder, name), name, { owner: '7', mode: '4751' })))
      assert.is(requests(), 2)
      for (const name of names) {
        assert.is(readFileSync(join(folder, name), 'utf8'), name)
        assert.equal([statSync(join(folder, name)).uid, modeOf(join(folder, name))], [7, '4751'])
      }
      assert.is(readdirSync(join(folder, 'a/b')).length, 100)
      const copies = names.map((name) => ({
        ...written(join(folder, 'to', name), ''),
        content: { in: 'host', path: join(folder, name) } as const,
      }))
      await files.makeDirectories([join(folder, 'to/a/b'), join(folder, 'to/a/c d')])
      await files.writeAll(copies)
      assert.is(requests(), 4)
      for (const name of names) assert.is(readFileSync(join(folder, 'to', name), 'utf8'), name)
    }))

  test(`${kind}: what was there keeps owner, group and mode, also setuid; a link is replaced or followed`, () =>
    counted(kind, async (files, folder, requests) => {
      const path = (name: string) => join(folder, name)
      const [umask] = [await files.umask()]
      for (const name of ['odd', 'plain', 'other']) writeFileSync(path(name), 'old')
      chownSync(path('odd'), 5, 6)
      chmodSync(path('odd'), 0o4711)
      symlinkSync('other', path('link'))
      await files.writeAll(['odd', 'plain', 'link', 'new'].map((name) => written(path(name), 'new')))
      assert.is(requests(), 2)
      assert.equal([statSync(path('odd')).uid, statSync(path('odd')).gid, modeOf(path('odd'))], [5, 6, '4711'])
      for (const name of ['plain', 'link', 'new']) {
        assert.is(modeOf(path(name)), (0o644 & ~umask).toString(8))
        assert.ok(lstatSync(path(name)).isFile())
      }
      assert.is(readFileSync(path('other'), 'utf8'), 'old')
      await files.writeAll(['odd', 'new'].map((name) => written(path(name), 'newer', { group: '9' })))
      assert.equal([statSync(path('odd')).uid, statSync(path('odd')).gid, modeOf(path('odd'))], [5, 9, '4711'])
      await files.writeAll(['odd', 'new'].map((name) => written(path(name), 'newer', { mode: 'g+w' })))
      assert.equal([modeOf(path('odd')), modeOf(path('new'))], ['4731', '664'])
      symlinkSync('other', path('another'))
      await files.writeAll(['another', 'new'].map((name) => written(path(name), 'newest', { follow: true })))
      assert.is(readFileSync(path('other'), 'utf8'), 'newest')
      assert.ok(lstatSync(path('another')).isSymbolicLink())
      assert.equal(readdirSync(folder).sort(), ['another', 'link', 'new', 'odd', 'other', 'plain'])
    }))

  test(`${kind}: in a folder that gives its group to what is made in it, files get that group`, () =>
    withFiles(kind, async (files, folder) => {
      chownSync(folder, 0, 9)
      chmodSync(folder, 0o2750)
      await files.writeAll(['a', 'b'].map((name) => written(join(folder, name), name)))
      for (const name of ['a', 'b']) assert.is(statSync(join(folder, name)).gid, 9)
    }))

  test(`${kind}: what is refused is said of its file, and nothing is left behind`, () =>
    withFiles(kind, async (files, folder) => {
      mkdirSync(join(folder, 'directory'))
      const all = (bad: FileToWrite) => files.writeAll([written(join(folder, 'good'), 'x'), bad])
      const cases: readonly (readonly [FileToWrite, string])[] = [
        [written(join(folder, 'directory'), ''), 'directory is a directory'],
        [written(join(folder, 'none/f'), ''), 'a folder on the way to it is missing'],
        [written(join(folder, 'f'), '', { owner: 'no-such-user' }), 'owner or group'],
        [written(join(folder, 'f'), '', { validate: 'false %s' }), 'did not pass'],
        [{ ...written(join(folder, 'f'), ''), content: { in: 'host', path: join(folder, 'gone/f') } }, 'not there'],
      ]
      for (const [bad, message] of cases) {
        const { message: said } = await refusal(all(bad))
        assert.match(said, message)
        assert.match(said, bad.path)
      }
      assert.equal(readdirSync(folder).sort(), ['directory', 'good'])
      assert.equal(readdirSync(join(folder, 'directory')), [])
    }))
}

test('a host without tar gets them one by one', () =>
  counted('no-tar', async (files, folder, requests) => {
    const names = Array.from({ length: 40 }, (_, i) => join(folder, String(i)))
    await files.writeAll(names.map((path) => written(path, path, { mode: '0600' })))
    assert.is(requests(), 41)
    for (const path of names) assert.equal([readFileSync(path, 'utf8'), modeOf(path)], [path, '600'])
    assert.equal(readdirSync(folder).length, 40)
  }))

test('what is much together comes as a stream, each file whole', () =>
  counted('busybox', async (files, folder, requests) => {
    const source = (name: string, byte: string): FileToWrite => {
      const path = join(folder, `from ${name}`)
      writeFileSync(path, Buffer.alloc(900_001, byte))
      return { ...written(join(folder, name), ''), content: { in: 'file', path } }
    }
    await files.writeAll([...'abcdefg'].map((name) => source(name, name)))
    assert.is(requests(), 0)
    for (const name of 'abcdefg') assert.ok(readFileSync(join(folder, name)).equals(Buffer.alloc(900_001, name)))
  }))

test('more than goes into a request goes into several, and what is long into a stream', () =>
  counted('gnu', async (files, folder, requests) => {
    const long = join(folder, 'long source')
    writeFileSync(long, Buffer.alloc(3_000_000, 'l'))
    writeFileSync(join(folder, 'short source'), 'short')
    const here = (name: string, path: string): FileToWrite => ({ ...written(name, ''), content: { in: 'file', path } })
    const many = Array.from({ length: 1200 }, (_, i) => written(join(folder, String(i)), String(i)))
    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    await files.writeAll([here(first, long), ...many, here(second, join(folder, 'short source'))])
    assert.is(requests(), 3)
    assert.ok(readFileSync(first).equals(readFileSync(long)))
    assert.is(readFileSync(second, 'utf8'), 'short')
    assert.is(readFileSync(join(folder, '1199'), 'utf8'), '1199')
  }))

/** Starts to put two files in place, and gives half of them; gives the folder they are made ready in. */
async function halfway(folder: string, use: (pid: number) => Promise<void>): Promise<string> {
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'old')
  const texts = ['a', 'b'].map((name) => written(join(folder, name), 'n'.repeat(100_000)))
  const { script, archived } = placementOf(texts, 'abcdef')
  const child = spawn('sh', ['-c', script.text], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.stdin.write(archive(archived).subarray(0, 150_000))
  const stage = join(folder, '.hostwright.abcdef')
  while (!existsSync(join(stage, '1/b'))) await sleep(5)
  await use(child.pid ?? 0)
  child.stdin.end()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  for (const name of ['a', 'b']) assert.is(readFileSync(join(folder, name), 'utf8'), 'old')
  return stage
}

test('a host that is cut off in the middle keeps the old files, and what it leaves behind goes after an hour', () =>
  withFiles('gnu', async (files, folder) => {
    const stage = await halfway(folder, async (pid) => void process.kill(-pid, 'SIGKILL'))
    assert.is(statSync(stage).mode & 0o777, 0o700)
    const anew = ['a', 'b'].map((name) => written(join(folder, name), 'new'))
    await files.writeAll(anew)
    assert.equal(readdirSync(folder).sort(), ['.hostwright.abcdef', 'a', 'b'])
    const old = Date.now() / 1000 - 4000
    utimesSync(stage, old, old)
    await files.writeAll(anew)
    assert.equal(readdirSync(folder).sort(), ['a', 'b'])
  }))

test('an input that ends early changes nothing and leaves nothing', () =>
  inFolder(async (folder) => {
    assert.is(existsSync(await halfway(folder, () => Promise.resolve())), false)
  }))

test.run()
