import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real sshd on this machine, for one test file: its own keys, its own port, nothing of the system's configuration. */
export interface Sshd {
  readonly port: number
  readonly folder: string
  /** The key that every user of this machine accepts here. */
  readonly key: string
  readonly knownHosts: string
  /** Inventory variables that reach it as root. */
  readonly vars: Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

/** With more configuration, which may be made of what lies in its folder. */
export async function startSshd(config: string | ((folder: string) => string) = ''): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-sshd-'))
  const path = (name: string) => join(folder, name)
  for (const type of ['ed25519', 'rsa', 'ecdsa']) keygen(path(`host_${type}`), type)
  const key = path('id')
  keygen(key, 'ed25519')
  const port = await freePort()
  execFileSync('mkdir', ['-p', '/run/sshd'])
  execFileSync('cp', [`${key}.pub`, path('authorized_keys')])
  // Readable for every user's login; the folder's owner is root, which is all that sshd asks without StrictModes.
  execFileSync('chmod', ['755', folder])
  execFileSync('chmod', ['644', path('authorized_keys')])
  writeFileSync(
    path('sshd_config'),
    `${typeof config === 'string' ? config : config(folder)}
Port ${port}
ListenAddress 127.0.0.1
${['ed25519', 'rsa', 'ecdsa'].map((type) => `HostKey ${path(`host_${type}`)}`).join('\n')}
PidFile none
AuthorizedKeysFile ${path('authorized_keys')}
StrictModes no
PermitRootLogin yes
UsePAM no
MaxStartups 100
LogLevel QUIET
`,
  )
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path('sshd_config')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await listening(port)
  const knownHosts = path('known_hosts')
  writeFileSync(knownHosts, knownHostsLine(path('host_ed25519.pub'), port))
  return {
    port,
    folder,
    key,
    knownHosts,
    vars: {
      ansible_host: '127.0.0.1',
      ansible_port: port,
      ansible_user: 'root',
      ansible_ssh_private_key_file: key,
      // The usual ten seconds are not enough for a machine that runs other tests beside this one.
      ansible_timeout: 60,
      ansible_ssh_common_args: `-F none -o IdentityAgent=none -o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=none`,
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function keygen(file: string, type: string, passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file])
}

export function knownHostsLine(publicKey: string, port: number): string {
  const [type, key] = execFileSync('cat', [publicKey], { encoding: 'utf8' }).split(' ')
  return `[127.0.0.1]:${port} ${type} ${key}\n`
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

async function listening(port: number): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = dial(port, '127.0.0.1')
      socket.once('data', () => resolve(true)).once('error', () => resolve(false))
      socket.once('data', () => socket.end('SSH-2.0-probe\r\n'))
    })
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`sshd does not listen on port ${port}`)
}
