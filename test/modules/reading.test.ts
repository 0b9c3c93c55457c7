// needs: busybox
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { copy } from '../../modules/copy.ts'
import { slurp } from '../../modules/slurp.ts'
import { stat } from '../../modules/stat.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost } from './on-host.ts'
import { refusal, runCall, simulate } from '../../lib/testing/index.ts'

for (const kind of kinds)
  test(`${kind}: stat says what is there`, () =>
    onHost(kind, async (host, folder) => {
      writeFileSync(join(folder, 'f'), 'hello\n', { mode: 0o640 })
      linkSync(join(folder, 'f'), join(folder, 'g'))
      symlinkSync('f', join(folder, 'link'))
      const file = (await runCall(host, stat({ path: join(folder, 'f') }))).result.stat
      assert.equal(
        [file.exists, file.isreg, file.isdir, file.mode, file.nlink, file.size, file.pw_name, file.wusr, file.wgrp],
        [true, true, false, '0640', 2, 6, 'root', true, false],
      )
      assert.is(file.checksum, 'f572d396fae9206628714fb2ce00f72e94f2258f')
      const link = (await runCall(host, stat({ path: join(folder, 'link') }))).result.stat
      assert.equal([link.islnk, link.lnk_target, link.lnk_source], [true, 'f', join(folder, 'f')])
      const followed = (await runCall(host, stat({ path: join(folder, 'link'), follow: true, get_checksum: false })))
        .result
      assert.equal([followed.stat.isreg, followed.stat.checksum], [true, undefined])
      assert.equal((await runCall(host, stat({ path: join(folder, 'none') }))).result, { stat: { exists: false } })
      const md5 = stat({ path: join(folder, 'f'), checksum_algorithm: 'md5' })
      assert.is((await runCall(host, md5)).result.stat.checksum, 'b1946ac92492d2347c6235b4d2611184')
    }))

test('stat sees what a simulated run has written', () =>
  onHost('gnu', async (host, folder) => {
    const simulated = simulate(host)
    await runCall(simulated, copy({ content: 'hello\n', dest: join(folder, 'f'), mode: '0600' }))
    const seen = (await runCall(simulated, stat({ path: join(folder, 'f') }))).result.stat
    assert.equal([seen.exists, seen.mode, seen.checksum], [true, '0600', 'f572d396fae9206628714fb2ce00f72e94f2258f'])
  }))

test('who may not read a file gets all but its checksum', () =>
  onHost('nobody', async (host, folder) => {
    writeFileSync(join(folder, 'f'), 'x', { mode: 0o600 })
    chmodSync(folder, 0o755)
    const seen = (await runCall(host, stat({ path: join(folder, 'f') }))).result.stat
    assert.equal([seen.exists, seen.checksum], [true, undefined])
  }))

test('slurp brings any bytes', () =>
  onHost('gnu', async (host, folder) => {
    const bytes = Buffer.from([0, 255, 10, 13])
    writeFileSync(join(folder, 'f'), bytes)
    const { result } = await runCall(host, slurp({ src: join(folder, 'f') }))
    assert.equal(result, { source: join(folder, 'f'), content: bytes.toString('base64'), encoding: 'base64' })
    mkdirSync(join(folder, 'd'))
    assert.match(await refusal(host, slurp({ src: join(folder, 'd') })), 'is a directory')
    assert.match(await refusal(host, slurp({ src: join(folder, 'none') })), 'there is no file')
  }))

test.run()
