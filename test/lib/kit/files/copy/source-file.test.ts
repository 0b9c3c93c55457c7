import { createHash, randomBytes } from 'node:crypto'
import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hashOfFile, hashOfFileNow, sourceFile } from '../../../../../lib/kit/files/copy/source-file.ts'
import { inFolder } from '../../../../../lib/testing/index.ts'

test('the hash of a file of any length, by either way, and again when the file is another', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'file')
    for (const length of [0, 1, 1 << 20, (1 << 20) + 1, 10_000_000]) {
      const bytes = randomBytes(length)
      writeFileSync(path, bytes)
      for (const algorithm of ['sha1', 'sha256'] as const) {
        const hash = createHash(algorithm).update(bytes).digest('hex')
        assert.is(await hashOfFile(sourceFile(path), algorithm), hash)
        assert.is(hashOfFileNow(sourceFile(path), algorithm), hash)
      }
    }
  }))

test('as long as a file stays the same it is hashed once, for however many hosts', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'file')
    writeFileSync(path, 'x'.repeat(9_000_000))
    const first = hashOfFile(sourceFile(path), 'sha256')
    assert.is(hashOfFile(sourceFile(path), 'sha256'), first)
    assert.is.not(hashOfFile(sourceFile(path), 'sha1'), first)
    const before = await first
    truncateSync(path, 8_999_999)
    assert.is.not(await hashOfFile(sourceFile(path), 'sha256'), before)
  }))

test('a long file that goes away is the error of whoever asked, and others are answered', () =>
  inFolder(async (folder) => {
    const [path, other] = [join(folder, 'file'), join(folder, 'other')]
    for (const one of [path, other]) writeFileSync(one, randomBytes(9_000_000))
    const gone = sourceFile(path)
    rmSync(path)
    const [failed, done] = await Promise.allSettled([hashOfFile(gone, 'sha1'), hashOfFile(sourceFile(other), 'sha1')])
    assert.match(failed.status === 'rejected' ? String(failed.reason) : '', 'ENOENT')
    assert.is(done.status, 'fulfilled')
  }))

test.run()
