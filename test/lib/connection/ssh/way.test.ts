// needs: openssh-server openssh-client socat netcat-openbsd
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'
import { rejected } from '../outcome.ts'
import { freePort, knownHostsLine, startSshd, type Sshd } from '../sshd.ts'

let [target, bastion, second] = [] as unknown as [Sshd, Sshd, Sshd]
test.before(async () => {
  ;[target, bastion, second] = await Promise.all([startSshd(), startSshd(), startSshd()])
  // One key for all, so that every sshd here can be a hop.
  for (const sshd of [bastion, second])
    writeFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${target.key}.pub`))
})
test.after(async () => {
  await Promise.all([target.stop(), bastion.stop(), second.stop()])
})

const hop = (sshd: Sshd) => `root@127.0.0.1:${sshd.port}`

/** known_hosts with the keys of these. */
function knowing(...sshds: readonly Sshd[]): string {
  const file = join(target.folder, `known_${sshds.map(({ port }) => port).join('_')}`)
  writeFileSync(file, sshds.map((sshd) => knownHostsLine(join(sshd.folder, 'host_ed25519.pub'), sshd.port)).join(''))
  return file
}

async function through(knownHosts: string, more: string): Promise<string> {
  const common = `-F none -o IdentityAgent=none -o GlobalKnownHostsFile=none -o UserKnownHostsFile=${knownHosts} ${more}`
  const connection = await connect(connectionSettings('db1', { ...target.vars, ansible_ssh_common_args: common }))
  try {
    const shell = await connection.shell()
    // sshd says where a login came from; that is what tells one way from another.
    return (await shell.request(raw('echo "$SSH_CONNECTION"'))).stdout.toString()
  } finally {
    await connection.close()
  }
}

test('through one jump host, and through two in their order', async () => {
  const known = knowing(target, bastion, second)
  assert.match(await through(known, `-J ${hop(bastion)}`), new RegExp(` ${target.port}\n`))
  assert.match(await through(known, `-J ${hop(bastion)},${hop(second)}`), new RegExp(` ${target.port}\n`))
})

test('every hop’s host key is checked', async () => {
  for (const [known, name] of [
    [knowing(target, second), bastion],
    [knowing(target, bastion), second],
    [knowing(bastion, second), target],
  ] as const) {
    const error = await rejected(through(known, `-J ${hop(bastion)},${hop(second)}`))
    assert.is(error.kind, 'unreachable')
    assert.is(error.host, 'db1')
    assert.match(error.message, new RegExp(`\\[127\\.0\\.0\\.1\\]:${name.port} is not known`))
    assert.is(error.message.startsWith('jump host '), name !== target)
  }
})

test('switching the check off for the target does not for a hop', async () => {
  const error = await rejected(through(knowing(target), `-o StrictHostKeyChecking=no -J ${hop(bastion)}`))
  assert.match(error.message, new RegExp(`${bastion.port} is not known`))
})

test('a hop that does not reach the target says so', async () => {
  const vars = { ...target.vars, ansible_port: await freePort() }
  const common = `${String(target.vars['ansible_ssh_common_args'])} -o UserKnownHostsFile=${knowing(target, bastion)} -J ${hop(bastion)}`
  const withKnown = common.replace(`-o UserKnownHostsFile=${target.knownHosts}`, '')
  const error = await rejected(connect(connectionSettings('db1', { ...vars, ansible_ssh_common_args: withKnown })))
  assert.match(error.message, /127\.0\.0\.1 does not reach 127\.0\.0\.1:\d+/)
  assert.is(error.host, 'db1')
})

test('a jump host that leads through itself ends', async () => {
  const config = join(target.folder, 'circle')
  writeFileSync(config, 'Host a\n ProxyJump b\nHost b\n ProxyJump a\n')
  const vars = { ...target.vars, ansible_ssh_common_args: `-F ${config} -J a` }
  assert.match((await rejected(connect(connectionSettings('db1', vars)))).message, /through each other/)
})

test('a ProxyCommand carries the connection and ends with it', async () => {
  const pid = join(target.folder, 'proxy-pid')
  const relay = join(target.folder, 'relay.mjs')
  writeFileSync(
    relay,
    `import { connect } from 'node:net'
import { writeFileSync } from 'node:fs'
writeFileSync(process.argv[4], String(process.pid))
const socket = connect(Number(process.argv[3]), process.argv[2])
process.stdin.pipe(socket).pipe(process.stdout)
socket.on('error', (error) => { console.error(error.message); process.exit(1) })
`,
  )
  const command = `-o 'ProxyCommand=${process.execPath} ${relay} %h %p ${pid}'`
  assert.match(await through(knowing(target), command), new RegExp(` ${target.port}\n`))
  const proxy = `/proc/${readFileSync(pid, 'utf8')}`
  for (let i = 0; i < 100 && existsSync(proxy); i += 1) await sleep(20)
  assert.not(existsSync(proxy), 'the proxy is gone')
})

test('what a ProxyCommand complains about is told', async () => {
  const error = await rejected(through(knowing(target), "-o 'ProxyCommand=echo no way to %h >&2; exit 3'"))
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, /no way to 127\.0\.0\.1/)
  assert.is(error.host, 'db1')
})

test.run()
