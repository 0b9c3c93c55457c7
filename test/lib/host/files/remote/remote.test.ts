// needs: busybox
import { createHash, randomBytes } from 'node:crypto'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../../../lib/error.ts'
import { failures, replaceScript } from '../../../../../lib/host/files/scripts/replace-script.ts'
import { Unreadable } from '../../../../../lib/host/unreadable.ts'
import type { FileWriter } from '../../../../../lib/host/files/files.ts'
import { kinds, withFiles } from '../hosts-here.ts'
import { inFolder } from '../../../../../lib/testing/index.ts'

const every256 = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
const oddName = `-odd 'name' "$x"\n*~é`

async function rejects(promise: Promise<unknown>): Promise<HostwrightError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof HostwrightError) return error
    throw error
  }
  throw new Error('it should have been refused')
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8)
}

type Body = (files: FileWriter, folder: string) => Promise<void>
const bodies: Readonly<Record<string, Body>> = {
  'bytes of every value come through, with a name that holds everything a name may': async (files, folder) => {
    const path = join(folder, oddName)
    for (const content of [every256, Buffer.alloc(0), randomBytes(300_000)]) {
      await files.write(path, content)
      assert.equal(readFileSync(path), content)
      assert.equal(await files.read(path), content)
      assert.is(await files.sha256(path), createHash('sha256').update(content).digest('hex'))
    }
    assert.equal(await files.list(folder), [oddName])
    assert.equal(
      (await files.tree(folder))?.map((entry) => entry.path),
      [folder, path],
    )
  },

  'nothing there is undefined, and not an error': async (files, folder) => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('nowhere', join(folder, 'dangling'))
    for (const name of ['none', 'none/below', 'file/below']) {
      const path = join(folder, name)
      const answers = [files.stat(path), files.read(path), files.sha256(path), files.list(path), files.tree(path)]
      assert.equal(await Promise.all(answers), Array.from({ length: 5 }))
    }
    assert.is(await files.stat(join(folder, 'dangling'), { follow: true }), undefined)
    assert.is(await files.read(join(folder, 'dangling')), undefined)
    assert.is((await files.stat(join(folder, 'dangling')))?.target, 'nowhere')
  },

  'a folder whose entries come and go is listed, with all that stay': async (files, folder) => {
    writeFileSync(join(folder, 'stays'), '')
    // Ended by a file: a shell that is killed would leave the program behind that it is waiting for.
    const script = 'until [ -e enough ]; do mkdir a b c d e f g; rmdir a b c d e f g; done'
    const busy = spawn('sh', ['-c', script], { cwd: folder })
    try {
      for (let i = 0; i < 150; i++) assert.ok((await files.list(folder))?.includes('stays'))
    } finally {
      writeFileSync(join(folder, 'enough'), '')
      await once(busy, 'exit')
    }
  },

  'what lstat says of each kind of thing': async (files, folder) => {
    writeFileSync(join(folder, 'file'), 'abc', { mode: 0o640 })
    chmodSync(join(folder, 'file'), 0o4750)
    chownSync(join(folder, 'file'), 54321, 2)
    symlinkSync('file', join(folder, 'link'))
    mkdirSync(join(folder, 'directory'), 0o755)
    execFileSync('mkfifo', [join(folder, 'fifo')])
    const seen = lstatSync(join(folder, 'file'))
    const file = await files.stat(join(folder, 'file'))
    assert.equal(file, {
      path: join(folder, 'file'),
      type: 'file',
      mode: 0o4750 & ~0o4000,
      uid: 54321,
      gid: 2,
      owner: '54321',
      group: 'bin',
      size: 3,
      mtime: Math.floor(seen.mtimeMs / 1000),
      atime: Math.floor(seen.atimeMs / 1000),
      ctime: Math.floor(seen.ctimeMs / 1000),
      inode: seen.ino,
      links: 1,
      device: seen.dev,
    })
    const tree = await files.tree(folder)
    assert.equal(
      new Map(tree?.map(({ path, type, target }) => [path.slice(folder.length), target ?? type])),
      new Map([
        ['', 'directory'],
        ['/file', 'file'],
        ['/link', 'file'],
        ['/directory', 'directory'],
        ['/fifo', 'fifo'],
      ]),
    )
    assert.is((await files.stat(join(folder, 'link'), { follow: true }))?.type, 'file')
    assert.is((await files.stat('~'))?.type, 'directory')
  },

  'a new file has 0644 less the umask; an old one keeps owner, group and mode': async (files, folder) => {
    const path = join(folder, 'file')
    await files.write(path, Buffer.from('1'))
    assert.is(modeOf(path), (0o644 & ~(await files.umask())).toString(8))
    chownSync(path, 1, 2)
    chmodSync(path, 0o6751)
    await files.write(path, Buffer.from('2'))
    assert.equal([statSync(path).uid, statSync(path).gid, modeOf(path)], [1, 2, '6751'])
    await files.write(path, Buffer.from('3'), { group: '3', mode: 'u-s,g=r' })
    assert.equal([statSync(path).uid, statSync(path).gid, modeOf(path)], [1, 3, '741'])
    await files.write(path, Buffer.from('4'), { owner: 'root', mode: '0600' })
    assert.equal([statSync(path).uid, statSync(path).gid, modeOf(path)], [0, 3, '600'])
    // Another owner clears setuid, so the mode is set once more.
    chmodSync(path, 0o4755)
    await files.write(path, Buffer.from('5'), { owner: 'daemon', group: 'daemon' })
    assert.equal([statSync(path).uid, statSync(path).gid, modeOf(path)], [1, 1, '4755'])
    await files.write(path, Buffer.from('6'), { owner: '1', group: 'daemon', mode: '4755' })
    await files.write(path, Buffer.from('7'), { owner: 'daemon', mode: '0000' })
    assert.equal([statSync(path).uid, statSync(path).gid, modeOf(path)], [1, 1, '0'])
    assert.equal(readdirSync(folder), ['file'])
  },

  'a link at the target is followed, also one to a file that is not there yet': async (files, folder) => {
    symlinkSync('b', join(folder, 'a'))
    symlinkSync(join(folder, 'c'), join(folder, 'b'))
    await files.write(join(folder, 'a'), Buffer.from('x'))
    assert.is(readlinkSync(join(folder, 'a')), 'b')
    assert.is(readFileSync(join(folder, 'c'), 'utf8'), 'x')
    symlinkSync('circle', join(folder, 'circle'))
    assert.match((await rejects(files.write(join(folder, 'circle'), Buffer.from('')))).message, 'in a circle')
  },

  'validate is given the temporary file, and its refusal leaves everything as it was': async (files, folder) => {
    const path = join(folder, 'a file')
    writeFileSync(path, 'old')
    for (const validate of ['grep -q good %s', `grep -q good '%s'`, 'grep -q good "%s" | cat'])
      await files.write(path, Buffer.from('good'), { validate })
    const error = await rejects(
      files.write(path, Buffer.from('bad'), { validate: 'echo line 3 is wrong; test bad = %s' }),
    )
    assert.match(error.message, 'did not pass')
    assert.equal(error.data, { status: 1, stderr: 'line 3 is wrong' })
    assert.is(readFileSync(path, 'utf8'), 'good')
    assert.equal(readdirSync(folder), ['a file'])
  },

  'validate sees the new file also when the owner of the folder puts another in its way': async (files, folder) => {
    chownSync(folder, 2, 2)
    const swap = `mv .f.hostwright away; mkdir .f.hostwright; echo theirs >.f.hostwright/"$(basename %s)"`
    const back = 'rm -r .f.hostwright; mv away .f.hostwright'
    const validate = `cd ${folder}; ${swap}; grep -q ours %s; s=$?; ${back}; exit $s`
    await files.write(join(folder, 'f'), Buffer.from('ours'), { validate })
    assert.equal(readdirSync(folder), ['f'])
  },

  'a backup keeps the old file, each its own': async (files, folder) => {
    const path = join(folder, 'file')
    assert.is(await files.write(path, Buffer.from('1'), { backup: true, mode: '0600' }), undefined)
    const first = await files.write(path, Buffer.from('2'), { backup: true })
    const second = await files.write(path, Buffer.from('3'), { backup: true })
    assert.match(first ?? '', /file\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/)
    assert.equal(
      [first ?? '', second ?? '', path].map((one) => readFileSync(one, 'utf8')),
      ['1', '2', '3'],
    )
    assert.is(modeOf(first ?? ''), '600')
  },

  'errors say what is wrong and what to do, and leave nothing behind': async (files, folder) => {
    const missing = await rejects(files.write(join(folder, 'no/such/file'), Buffer.from('')))
    assert.instance(missing, Unreadable)
    assert.match(missing.message, 'a folder on the way to it is missing')
    const directory = await rejects(files.write(folder, Buffer.from('')))
    assert.match(directory.message, 'is a directory')
    const owner = await rejects(files.write(join(folder, 'x'), Buffer.from(''), { owner: 'no-such-user' }))
    assert.match(owner.message, 'owner or group')
    assert.ok(owner.next)
    assert.match((await rejects(files.read(folder))).message, 'is a directory')
    assert.match((await rejects(files.read('relative'))).message, 'not an absolute path')
    assert.equal(readdirSync(folder), [])
  },

  'what a host that lost its power left behind does not hold up the next run': async (files, folder) => {
    const stage = join(folder, '.file.hostwright')
    mkdirSync(stage, 0o700)
    writeFileSync(join(stage, `1,1,an-earlier-boot,${hostname()},file`), 'half')
    await files.write(join(folder, 'file'), Buffer.from(''))
    assert.equal(readdirSync(folder), ['file'])
  },

  'an upload streams, and copying stays on the host': async (files, folder) => {
    const content = randomBytes(3_000_000)
    writeFileSync(join(folder, 'source'), content)
    await files.upload(join(folder, 'up'), join(folder, 'source'), { mode: '0600' })
    await files.copy(join(folder, 'copied'), join(folder, 'up'))
    assert.ok(readFileSync(join(folder, 'up')).equals(content))
    assert.ok(readFileSync(join(folder, 'copied')).equals(content))
    assert.is(modeOf(join(folder, 'up')), '600')
    assert.instance(await rejects(files.copy(join(folder, 'x'), join(folder, 'none'))), HostwrightError)
    assert.is(existsSync(join(folder, 'x')), false)
  },

  'directories are made with their parents, and the attributes go to all that are made': async (files, folder) => {
    chmodSync(folder, 0o711)
    await files.makeDirectory(join(folder, 'a/b c/d'), { owner: '7', mode: 'u=rwx,g=rx,o=' })
    assert.equal(
      ['', 'a', 'a/b c', 'a/b c/d'].map((name) => modeOf(join(folder, name))),
      ['711', '750', '750', '750'],
    )
    assert.is(statSync(join(folder, 'a')).uid, 7)
    symlinkSync('a', join(folder, 'to-a'))
    await files.makeDirectory(join(folder, 'to-a/e/f'))
    assert.is((await files.stat(join(folder, 'a/e/f')))?.type, 'directory', 'below a link, too')
    await files.makeDirectory(join(folder, 'a/b c'), { mode: '0700' })
    assert.is(modeOf(join(folder, 'a/b c')), '750')
    writeFileSync(join(folder, 'file'), '')
    await rejects(files.makeDirectory(join(folder, 'file/x')))
  },

  'owner and mode of one, of a link and of all below': async (files, folder) => {
    mkdirSync(join(folder, 'd/e'), { recursive: true })
    for (const [name, mode] of [
      ['d/f', 0o640],
      ['d/e/x', 0o700],
    ] as const) {
      writeFileSync(join(folder, name), '')
      chmodSync(join(folder, name), mode)
    }
    symlinkSync(join(folder, 'd/f'), join(folder, 'd/link'))
    await files.setAttributes(join(folder, 'd'), { owner: '5', group: '6', mode: 'a=rX,u+w' }, { recurse: true })
    assert.equal(
      ['d', 'd/e', 'd/f', 'd/e/x'].map((name) => modeOf(join(folder, name))),
      ['755', '755', '644', '755'],
    )
    assert.equal(
      ['d', 'd/e/x', 'd/link'].map((name) => lstatSync(join(folder, name)).gid),
      [6, 6, 6],
    )
    chmodSync(join(folder, 'd/e'), 0o2755)
    await files.setAttributes(join(folder, 'd/e'), { mode: '0750' })
    assert.is(modeOf(join(folder, 'd/e')), '750')
    await files.setAttributes(join(folder, 'd/link'), { owner: '8', mode: '0600' })
    assert.equal(
      [lstatSync(join(folder, 'd/link')).uid, statSync(join(folder, 'd/f')).uid, modeOf(join(folder, 'd/f'))],
      [8, 5, '644'],
    )
    await files.setAttributes(join(folder, 'd/link'), { owner: '9', mode: '0600' }, { follow: true })
    assert.equal(
      [lstatSync(join(folder, 'd/link')).uid, statSync(join(folder, 'd/f')).uid, modeOf(join(folder, 'd/f'))],
      [8, 9, '600'],
    )
    assert.instance(await rejects(files.setAttributes(join(folder, 'none'), { mode: '0600' })), Unreadable)
  },

  'links take the place of links and files, never of directories': async (files, folder) => {
    const [one, link] = [join(folder, 'one'), join(folder, 'link')]
    mkdirSync(join(folder, 'directory'))
    writeFileSync(one, 'one')
    await files.link(link, 'directory', 'symbolic')
    await files.link(link, 'one', 'symbolic')
    assert.is(readlinkSync(link), 'one')
    assert.equal(readdirSync(join(folder, 'directory')), [])
    await files.link(link, one, 'hard')
    await files.link(link, one, 'hard')
    assert.is(statSync(link).ino, statSync(one).ino)
    assert.match((await rejects(files.link(join(folder, 'directory'), 'one', 'symbolic'))).message, 'is a directory')
    assert.equal(readdirSync(folder).sort(), ['directory', 'link', 'one'])
  },

  'touch makes a file or renews its times': async (files, folder) => {
    const path = join(folder, 'file')
    await files.touch(path)
    utimesSync(path, 1000, 1000)
    await files.touch(path, { modification: 'preserve', access: 'preserve' })
    assert.equal([statSync(path).atimeMs, statSync(path).mtimeMs], [1_000_000, 1_000_000])
    await files.touch(path, { modification: 'preserve' })
    assert.is(statSync(path).mtimeMs, 1_000_000)
    assert.ok(statSync(path).atimeMs > 1_000_000)
    await files.touch(path)
    assert.ok(statSync(path).mtimeMs > 1_000_000)
  },

  'remove takes whatever is there': async (files, folder) => {
    mkdirSync(join(folder, 'd/e'), { recursive: true })
    writeFileSync(join(folder, 'd/e/f'), '')
    symlinkSync('d', join(folder, 'link'))
    linkSync(join(folder, 'd/e/f'), join(folder, 'hard'))
    await files.remove(join(folder, 'link'))
    assert.equal(readdirSync(folder).sort(), ['d', 'hard'])
    await files.remove(join(folder, 'd'))
    await files.remove(join(folder, 'd'))
    assert.equal(readdirSync(folder), ['hard'])
    await rejects(Promise.resolve().then(() => files.remove('/x/..')))
  },
}

for (const kind of kinds)
  for (const [name, body] of Object.entries(bodies)) test(`${kind}: ${name}`, () => withFiles(kind, body))

test('a disk that is full, a file system that is read-only and a file that is immutable are named', () =>
  withFiles('gnu', async (files, folder) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
    try {
      await files.write(join(folder, 'small'), Buffer.from('old'))
      const full = await rejects(files.write(join(folder, 'small'), randomBytes(200_000)))
      assert.match(full.message, 'no space left')
      assert.is(readFileSync(join(folder, 'small'), 'utf8'), 'old')
      assert.equal(readdirSync(folder), ['small'])
      execFileSync('mount', ['-o', 'remount,ro', folder])
      const readOnly = await rejects(files.write(join(folder, 'small'), Buffer.from('x')))
      assert.match(readOnly.message, 'read-only file system')
    } finally {
      execFileSync('umount', [folder])
    }
  }))

test('a file mounted in its place is overwritten only when that is asked for', () =>
  withFiles('gnu', async (files, folder) => {
    const [path, other] = [join(folder, 'hosts'), join(folder, 'other')]
    writeFileSync(path, 'inner')
    writeFileSync(other, 'mounted')
    execFileSync('mount', ['--bind', other, path])
    try {
      const error = await rejects(files.write(path, Buffer.from('x')))
      assert.match(error.next ?? '', 'unsafe_writes')
      await files.write(path, Buffer.from('new'), { unsafe: true })
      assert.is(readFileSync(other, 'utf8'), 'new')
      assert.equal(readdirSync(folder).sort(), ['hosts', 'other'])
    } finally {
      execFileSync('umount', [path])
    }
  }))

test('a stream that ends early leaves the file as it was', () =>
  inFolder((folder) => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const script = replaceScript({ path, size: 10, options: {} })
    const { status, stderr } = spawnSync('sh', ['-c', script.text], { input: 'new' })
    assert.is(failures[status ?? 0], 'send all of', stderr.toString())
    assert.is(readFileSync(path, 'utf8'), 'old')
    assert.equal(readdirSync(folder), ['file'])
    return Promise.resolve()
  }))

test('a host that is cut off in the middle keeps the old file', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const script = replaceScript({ path, size: 10, options: {} })
    const child = spawn('sh', ['-c', script.text], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    child.stdin.write('new')
    while (!existsSync(join(folder, '.file.hostwright'))) await sleep(5)
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await once(child, 'exit')
    assert.is(readFileSync(path, 'utf8'), 'old')
  }))

test('many questions asked together cost little more than one', () =>
  withFiles('gnu', async (files, folder) => {
    for (let i = 0; i < 300; i++) writeFileSync(join(folder, String(i)), String(i))
    const seen = await Promise.all(Array.from({ length: 300 }, (_, i) => files.read(join(folder, String(i)))))
    assert.equal(
      seen.map((bytes) => bytes?.toString()),
      Array.from({ length: 300 }, (_, i) => String(i)),
    )
  }))

test('somebody who may not is told so, and nothing changes', () =>
  withFiles('nobody', async (files, folder) => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old', { mode: 0o600 })
    chmodSync(folder, 0o755)
    const refused = [
      await rejects(files.read(path)),
      await rejects(files.write(path, Buffer.from('new'))),
      await rejects(files.remove(path)),
      await rejects(files.setAttributes(path, { mode: '0666' })),
    ]
    for (const error of refused) {
      assert.match(error.message, 'nobody may not do this')
      assert.match(error.next ?? '', 'become')
    }
    chmodSync(folder, 0o700)
    // A folder that may not be entered is no proof that nothing is in it.
    await rejects(files.stat(path))
    chmodSync(folder, 0o777)
    await rejects(files.write(path, Buffer.from('new')))
    assert.is(readFileSync(path, 'utf8'), 'old')
    assert.is(statSync(path).uid, 0)
    assert.equal(readdirSync(folder), ['file'])
  }))

test.run()
