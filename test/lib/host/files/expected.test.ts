// needs: busybox
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChangedSincePlan } from '../../../../lib/host/changed-since.ts'
import type { Expected, FileWriter } from '../../../../lib/host/files/files.ts'
import { kinds, withFiles } from './hosts-here.ts'

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex')

/** What a plan that looks now finds. */
const present = (path: string): Expected => (existsSync(path) ? { sha256: sha256(readFileSync(path)) } : 'nothing')

/** Adds one line to what is there, and reads again as often as somebody else was first. */
async function addLine(files: FileWriter, path: string, line: string): Promise<void> {
  for (;;) {
    const before = readFileSync(path)
    const after = Buffer.concat([before, Buffer.from(`${line}\n`)])
    try {
      await files.write(path, after, { expected: { sha256: sha256(before) } })
      return
    } catch (error) {
      if (!(error instanceof ChangedSincePlan)) throw error
    }
  }
}

async function refused(writing: Promise<unknown>): Promise<void> {
  const error: unknown = await writing.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.instance(error, ChangedSincePlan)
}

for (const kind of kinds) {
  test(`${kind}: a file that changed after it was read keeps its content`, () =>
    withFiles(kind, async (files, folder) => {
      const path = join(folder, 'f')
      writeFileSync(path, 'theirs\n')
      await refused(files.write(path, Buffer.from('ours\n'), { expected: { sha256: sha256('read\n') } }))
      await refused(
        files.writeAll([
          { path, content: { in: 'memory', bytes: Buffer.from('ours\n') }, options: { expected: 'nothing' } },
        ]),
      )
      await refused(files.write(path, Buffer.from('ours\n'), { expected: 'nothing' }))
      assert.is(readFileSync(path, 'utf8'), 'theirs\n')
      await files.write(path, Buffer.from('ours\n'), { expected: { sha256: sha256('theirs\n') } })
      assert.is(readFileSync(path, 'utf8'), 'ours\n')
    }))

  test(`${kind}: a file that was removed is not made again, and a new one is made once`, () =>
    withFiles(kind, async (files, folder) => {
      const path = join(folder, 'f')
      await refused(files.write(path, Buffer.from('ours\n'), { expected: { sha256: sha256('read\n') } }))
      assert.not.ok(existsSync(path))
      await files.write(path, Buffer.from('first\n'), { expected: 'nothing' })
      await refused(files.write(path, Buffer.from('second\n'), { expected: 'nothing' }))
      assert.is(readFileSync(path, 'utf8'), 'first\n')
    }))

  test(`${kind}: two runs that add lines to one file lose none, nor what a program appends meanwhile`, () =>
    withFiles(kind, (first, folder) =>
      withFiles(kind, async (second) => {
        const path = join(folder, 'f')
        writeFileSync(path, '')
        const lines = (name: string) => Array.from({ length: 4 }, (_, i) => `${name}${String(i)}`)
        const script = 'for i in 0 1 2 3; do echo "p$i" >>f; sleep 0.4; done'
        const program = once(spawn('sh', ['-c', script], { cwd: folder }), 'exit')
        const run = async (files: FileWriter, name: string) => {
          for (const line of lines(name)) await addLine(files, path, line)
        }
        await Promise.all([run(first, 'a'), run(second, 'b'), program])
        const found = readFileSync(path, 'utf8').trim().split('\n')
        assert.equal(found.sort(), [...lines('a'), ...lines('b'), ...lines('p')].sort())
        assert.equal(readdirSync(folder), ['f'])
      }),
    ))

  test(`${kind}: a lock whose holder has died is taken over, one whose holder lives is not`, () =>
    withFiles(kind, async (files, folder) => {
      const [path, lock] = [join(folder, 'f'), join(folder, '.f.hostwright')]
      const [host, boot] = ['hostname', 'random/boot_id'].map((name) =>
        readFileSync(`/proc/sys/kernel/${name}`, 'utf8').trim(),
      )
      const started = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[19]
      const holders = [`${process.pid},1,${boot},${host},f`, `1,1,an-earlier-boot,${host},f`]
      for (const holder of holders) {
        mkdirSync(lock, 0o700)
        writeFileSync(join(lock, holder), 'half')
        await files.write(path, Buffer.from(holder), { expected: present(path) })
        assert.is(readFileSync(path, 'utf8'), holder)
      }
      mkdirSync(lock, 0o700)
      writeFileSync(join(lock, `${process.pid},${started},${boot},${host},f`), 'half')
      let done = false
      const writing = files.write(path, Buffer.from('new'), { expected: present(path) }).then(() => (done = true))
      await sleep(1000)
      assert.is(done, false)
      rmSync(lock, { recursive: true })
      await writing
      assert.equal(readdirSync(folder), ['f'])
    }))
}

test.run()
