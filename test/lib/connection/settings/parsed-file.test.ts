import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parsedFile } from '../../../../lib/connection/settings/parsed-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-parsed-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

function counting() {
  let times = 0
  const read = parsedFile((file) => {
    times += 1
    return 'bytes' in file ? file.bytes.toString() : file.error.code
  })
  return { read, times: () => times }
}

test('a file is parsed once, and again when it has changed', () => {
  const path = join(folder, 'changing')
  const { read, times } = counting()
  writeFileSync(path, 'one')
  assert.equal([read(path), read(path), times()], ['one', 'one', 1])
  writeFileSync(path, 'other')
  assert.equal([read(path), read(path), times()], ['other', 'other', 2])
  writeFileSync(path, 'equal')
  utimesSync(path, 1, 1)
  assert.equal([read(path), times()], ['equal', 3])
})

test('a file that is not there is known to be missing until it comes, and again when it goes', () => {
  const path = join(folder, 'coming')
  const { read, times } = counting()
  assert.equal([read(path), read(path), times()], ['ENOENT', 'ENOENT', 1])
  writeFileSync(path, 'here')
  assert.is(read(path), 'here')
  rmSync(path)
  assert.is(read(path), 'ENOENT')
})

test('each file is known by itself', () => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  const { read } = counting()
  writeFileSync(a, 'a')
  writeFileSync(b, 'b')
  assert.equal([read(a), read(b), read(a)], ['a', 'b', 'a'])
})

test.run()
