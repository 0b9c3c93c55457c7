// needs: busybox
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Reply } from '../../../../lib/connection/connection.ts'
import { HostwrightError } from '../../../../lib/error.ts'
import type { FileStat } from '../../../../lib/host/files/files.ts'
import { parseChecksums, parseContents } from '../../../../lib/host/files/remote/many-contents.ts'
import { parseStats } from '../../../../lib/host/files/remote/many-stats.ts'
import { fileQuestions } from '../../../../lib/host/files/remote/remote-questions.ts'
import { remoteFileReader } from '../../../../lib/host/files/remote/remote-reader.ts'
import type { HostShell } from '../../../../lib/host/host-shell.ts'
import { kinds, withGround } from './hosts-here.ts'
import { inFolder } from '../../../../lib/testing/index.ts'

/** What came of each question: an answer, or what an error says to the user. */
async function told(answers: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  return (await Promise.allSettled(answers)).map((one) => {
    if (one.status === 'fulfilled')
      return one.value instanceof Buffer ? one.value.toString('latin1') : steady(one.value)
    if (!(one.reason instanceof HostwrightError)) throw one.reason
    const { message, next, kind, constructor } = one.reason
    return { message, next, kind, class: constructor.name }
  })
}

/** Reading a file renews the time of its last access. */
function steady(value: unknown): unknown {
  return typeof value === 'object' ? { ...(value as FileStat), atime: 0 } : value
}

/** All that can be asked of these paths, together and one by one: the answers must be the same. */
async function compare(hostShell: HostShell, paths: readonly string[]): Promise<void> {
  const [reader, single] = [remoteFileReader(hostShell), fileQuestions(hostShell)]
  const together = paths.map((path) =>
    told([
      reader.stat(path),
      reader.stat(path, { follow: true }),
      reader.read(path),
      reader.sha256(path),
      reader.checksum(path, 'md5'),
      reader.sha256(path, { long: true }),
    ]),
  )
  await Promise.all(together)
  for (const [i, path] of paths.entries()) {
    const alone = told([
      single.stat(path, false),
      single.stat(path, true),
      single.read(path),
      single.checksum(path, 'sha256'),
      single.checksum(path, 'md5'),
      single.checksum(path, 'sha256'),
    ])
    assert.equal(await together[i], await alone, path)
  }
}

/** Something of every sort that can be at a path, and paths that lead nowhere in every way. */
function everySort(folder: string): readonly string[] {
  const at = (name: string) => join(folder, name)
  const names = [' ', '-n', '--help', "it's", '"$(x)`', 'a\nb', 'a\\b', '\\', 'é', '\t', '*', '?', '%s', '~']
  for (const name of names) writeFileSync(at(name), `${name}\0\n${name}`)
  writeFileSync(at('empty'), '')
  writeFileSync(at('large'), Buffer.alloc(200_000, 'MARK='))
  writeFileSync(at('hidden'), 'x')
  chmodSync(at('hidden'), 0)
  mkdirSync(at('closed'))
  writeFileSync(at('closed/file'), '')
  symlinkSync('closed/file', at('to-closed'))
  chmodSync(at('closed'), 0o600)
  mkdirSync(at('d'))
  for (const [name, target] of [
    ['to-file', 'empty'],
    ['to-directory', 'd'],
    ['to-nothing', 'nothing'],
    ['to-a-name', 'a\nb'],
    ['to-itself', 'to-itself'],
    ['to-root', '/'],
  ] as const)
    symlinkSync(target, at(name))
  execFileSync('mkfifo', [at('fifo')])
  // A pipe has no content that anybody could wait for.
  const nowhere = ['none', 'none/below', 'empty/below', 'to-itself/below', 'to-nothing/below', 'x'.repeat(256)]
  const made = [...names, 'empty', 'large', 'hidden', 'closed', 'closed/file', 'closed/none', 'to-closed', 'd']
  const links = ['to-file', 'to-directory', 'to-nothing', 'to-a-name', 'to-itself', 'to-root', 'to-directory/none']
  return [...[...made, ...links, ...nowhere].map(at), '/', '~', '~/none', '~nobody-of-that-name/x', 'relative', '/a\0b']
}

for (const kind of [...kinds, 'nobody'] as const)
  test(`${kind}: what is asked together is answered as if it were asked alone`, () =>
    withGround(kind, async (hostShell, folder) => {
      chmodSync(folder, 0o755)
      await compare(hostShell, everySort(folder))
    }))

const names = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 8 })
  .filter((name) => !/[/\0]/.test(name) && !/^\.\.?$/.test(name))

for (const kind of kinds)
  test(`${kind}: files of any name and any content`, () =>
    withGround(kind, async (hostShell, folder) => {
      let round = 0
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.tuple(names, fc.uint8Array({ maxLength: 40 })), { selector: ([name]) => name }),
          async (files) => {
            const here = join(folder, String((round += 1)))
            mkdirSync(here)
            for (const [name, content] of files) writeFileSync(join(here, name), content)
            const reader = remoteFileReader(hostShell)
            const paths = files.flatMap(([name]) => [join(here, name), join(here, `${name}.none`)])
            const contents = await Promise.all(paths.map((path) => reader.read(path)))
            assert.equal(
              contents,
              files.flatMap(([, content]) => [Buffer.from(content), undefined]),
            )
            await compare(hostShell, paths)
          },
        ),
        { numRuns: 8 },
      )
    }))

test('questions of one kind that come up together are one request', () =>
  withGround('gnu', (hostShell, folder) =>
    inFolder(async () => {
      for (let i = 0; i < 450; i++) writeFileSync(join(folder, String(i)), String(i))
      let requests = 0
      const counted = {
        ...hostShell,
        request: ((...given) => hostShell.request(...given).finally(() => (requests += 1))) as HostShell['request'],
      }
      const reader = remoteFileReader(counted)
      const paths = Array.from({ length: 450 }, (_, i) => join(folder, String(i)))
      await Promise.all(
        paths.flatMap((path) => [reader.read(path), reader.stat(path), reader.stat(path, { follow: true })]),
      )
      assert.is(requests, 6)
      const sums = await Promise.all(paths.map((path) => reader.sha256(path, { long: true })))
      assert.equal(
        sums,
        paths.map((_, i) => createHash('sha256').update(String(i)).digest('hex')),
      )
      assert.is(requests, 9)
    }),
  ))

const line = '81a4:0:0:3:1:2:1:3:4:5:root:root'
const link = 'a1ff:0:0:3:1:2:1:3:4:5:root:root'
const paths = ['/a', '/b', '/c']

const torn: readonly (readonly [what: string, output: string, found: readonly string[]])[] = [
  ['a file went between the look and stat', `o-o\n${line}\n`, ['unsure', 'nothing', 'unsure']],
  ['a file became a link meanwhile', `o-o\n${line}\n${link}\n`, ['there', 'nothing', 'unsure']],
  ['a link went before it was read', `l-o\n${link}\n${line}\n\0`, ['unsure', 'nothing', 'unsure']],
  ['the shell died', 'o', ['unsure', 'unsure', 'unsure']],
  ['stat is of another kind', `o?o\nFile: a\nSize: 3\n`, ['unsure', 'unsure', 'unsure']],
]
for (const [what, output, found] of torn)
  test(`stats that do not add up are asked again: ${what}`, () =>
    assert.equal(
      parseStats(paths, `0022\n${output}`).found.map(({ is }) => is),
      found,
    ))

test('a link of which it is not known where it leads is asked again', () => {
  const { umask, found } = parseStats(['/a'], `0027\nl\n${link}\nx\0`)
  const [first] = found
  assert.is(umask, 0o27)
  assert.ok(first?.is === 'there')
  assert.equal([first.value.stat.target, first.value.leadsTo], ['x', undefined])
})

const reply = (status: number, stdout: string): Reply => ({
  status,
  stdout: Buffer.from(stdout),
  stderr: Buffer.alloc(0),
})
const between = 'PATH=/bin\0MARK=m\0'
const tornContents: readonly (readonly [what: string, reply: Reply, found: readonly string[]])[] = [
  ['all is well', reply(0, `f-d\n${between}x`), ['there', 'nothing', 'directory']],
  ['a file went', reply(1, `f-f\n${between}${between}x`), ['unsure', 'nothing', 'unsure']],
  ['a content holds what stands between', reply(0, `f-d\n${between}x${between}y`), ['unsure', 'nothing', 'directory']],
  ['there is no /proc', reply(1, `f-d\nx`), ['unsure', 'nothing', 'directory']],
  ['the shell died', reply(2, ''), ['unsure', 'unsure', 'unsure']],
]
for (const [what, said, found] of tornContents)
  test(`contents add up, or are asked again: ${what}`, () =>
    assert.equal(
      parseContents(paths, said, 'm').map(({ is }) => is),
      found,
    ))

test('checksums add up, or are asked again', () => {
  const sum = 'd'.repeat(64)
  const found = (said: Reply) => parseChecksums(paths, said).map(({ is }) => is)
  assert.equal(found(reply(0, `f-f\n${sum}  /a\n${sum}  /c\n`)), ['there', 'nothing', 'there'])
  assert.equal(found(reply(1, `f-f\n${sum}  /a\n`)), ['unsure', 'nothing', 'unsure'])
  assert.equal(found(reply(0, `f-f\n${sum}  /a\nnonsense\n`)), ['unsure', 'nothing', 'unsure'])
})

test.run()
