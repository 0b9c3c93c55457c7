// needs: openssh-server openssh-client
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'
import { startSshd } from '../sshd.ts'

test('long transfers both ways go on, in order, while the host changes keys', async () => {
  const sshd = await startSshd('RekeyLimit 1M')
  const connection = await connect(connectionSettings('db1', sshd.vars))
  try {
    const bytes = randomBytes(20_000_000)
    const pieces = Array.from({ length: 200 }, (_, i) => bytes.subarray(i * 100_000, (i + 1) * 100_000))
    for (const tool of ['cat', 'sha256sum']) {
      const { stdout } = await connection.exec(raw(tool), { stdin: Readable.from(pieces) })
      const sum = createHash('sha256').update(bytes).digest('hex')
      assert.ok(tool === 'cat' ? stdout.equals(bytes) : stdout.toString().startsWith(sum))
    }
  } finally {
    await connection.close()
    await sshd.stop()
  }
})

test.run()
