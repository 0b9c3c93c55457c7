import { spawn, execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync, mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pipeMark, pipeScript, showServer } from '../../../../lib/host/postgres/pipe.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-pipe-'))
const found = (tool: string): string | undefined => {
  // A wrapper would need more than itself on the path.
  const script = tool === 'python3' ? `python3 -c 'import sys; print(sys.executable)'` : `command -v ${tool}`
  try {
    return realpathSync(execFileSync('sh', ['-c', script], { stdio: 'pipe' }).toString().trim())
  } catch {
    return undefined
  }
}
/** Sends back the digest of all it got, after as many bytes again, once the other side has finished: a server that needs the half-closed end. */
const size = 3_000_000
const answer = randomBytes(size)
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
  const chunks: Buffer[] = []
  socket.write(answer)
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('end', () => socket.end(digest(Buffer.concat(chunks))))
})

function through(tool: string | undefined, script: string, input: Buffer): Promise<Buffer> {
  const bin = join(folder, `bin-${tool ?? 'none'}`)
  mkdirSync(bin, { recursive: true })
  for (const name of tool === undefined ? [] : [tool, 'grep']) {
    const path = found(name)
    if (path !== undefined && !existsSync(join(bin, name))) symlinkSync(path, join(bin, name))
  }
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', script], { env: { PATH: bin }, stdio: ['pipe', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject).on('close', () => resolve(Buffer.concat(chunks)))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

test.before(() => new Promise<void>((resolve) => void server.listen(join(folder, '.s.PGSQL.5999'), resolve)))
test.after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

for (const tool of ['perl', 'socat', 'nc', 'python3'])
  if (found(tool) !== undefined)
    test(`${tool} carries every byte both ways at once, and the end of each`, async () => {
      const input = randomBytes(size)
      const got = await through(tool, pipeScript({ socket: folder, port: 5999 }).text, input)
      const head = `${pipeMark}ok\n`
      assert.is(got.subarray(0, head.length).toString(), head)
      const body = got.subarray(head.length)
      assert.is(digest(body.subarray(0, size)), digest(answer))
      assert.is(body.subarray(size).toString(), digest(input))
    })

for (const tool of ['perl', 'socat', 'python3'])
  if (found(tool) !== undefined)
    test(`${tool}: no server is said in the first line`, async () => {
      const got = await through(tool, pipeScript({ socket: folder, port: 5998 }).text, Buffer.alloc(0))
      assert.is(got.toString(), `${pipeMark}No such file or directory\n`)
    })

test('a host without any of them says so', async () => {
  const got = await through(undefined, pipeScript({}).text, Buffer.alloc(0))
  assert.match(got.toString(), /none of perl, socat, nc and python3/)
})

test('where a server is, as people write it', () => {
  assert.is(showServer({}), '/var/run/postgresql/.s.PGSQL.5432')
  assert.is(showServer({ host: '/tmp/', port: 1 }), '/tmp/.s.PGSQL.1')
  assert.is(showServer({ host: 'fe80::1' }), '[fe80::1]:5432')
  assert.throws(() => showServer({ socket: 'tmp' }), /not an absolute path/)
})

test.run()
