import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'
import { keygen, knownHostsLine, startSshd, type Sshd } from '../sshd.ts'
import { temporaryUser, type TemporaryUser } from '../user.ts'

let sshd: Sshd
let user: TemporaryUser
let agent: ReturnType<typeof spawn>
test.before(async () => {
  sshd = await startSshd('UsePAM yes\nPasswordAuthentication yes\nKbdInteractiveAuthentication yes')
  user = temporaryUser('table')
  for (const type of ['ed25519', 'rsa']) keygen(path(`stranger_${type}`), type)
  keygen(path('ca'), 'ed25519')
  writeFileSync(path('password'), user.password.reveal())
  writeFileSync(path('askpass'), `#!/bin/sh\ncase $1 in *yes/no*) echo no ;; *) cat ${path('password')} ;; esac\n`)
  chmodSync(path('askpass'), 0o700)
  writeFileSync(path('revoked-text'), readFileSync(path('host_ed25519.pub')))
  writeFileSync(path('revoked-other'), readFileSync(path('stranger_rsa.pub')))
  execFileSync('ssh-keygen', ['-q', '-k', '-f', path('revoked-krl'), path('host_ed25519.pub')])
  writeFileSync(path('by-hash'), `hash: ${fingerprint('host_ed25519.pub')}\n`)
  execFileSync('ssh-keygen', ['-q', '-k', '-f', path('revoked-krl-hash'), path('by-hash')])
  agent = spawn('ssh-agent', ['-D', '-a', path('agent')], { stdio: 'ignore' })
  while (!existsSync(path('agent'))) await new Promise((resolve) => setTimeout(resolve, 20))
  execFileSync('ssh-add', ['-q', sshd.key], { env: { ...process.env, SSH_AUTH_SOCK: path('agent') }, stdio: 'ignore' })
})
test.after(async () => {
  agent.kill()
  await once(agent, 'exit')
  await sshd.stop()
  user.remove()
})

const path = (name: string) => join(sshd.folder, name)
const fingerprint = (name: string) =>
  /SHA256:\S+/.exec(execFileSync('ssh-keygen', ['-lf', path(name)], { encoding: 'utf8' }))?.[0] ?? ''
const line = (name: string) => knownHostsLine(path(`${name}.pub`), sshd.port)
/** The same key under another name than `[127.0.0.1]:port`. */
const named = (name: string, text: string) => text.replace(/^\S+/, name)

interface Situation {
  readonly known: () => string
  readonly options?: () => string
  readonly hashed?: true
}
/** All of them have the same kinds of cells. */
export const situations: Readonly<Record<string, Situation>> = {
  unknown: { known: () => '' },
  known: { known: () => line('host_ed25519') },
  'known by another type': { known: () => line('host_rsa') },
  changed: { known: () => line('stranger_ed25519') },
  'changed, with another type': { known: () => line('stranger_rsa') },
  'one of several is right': { known: () => line('stranger_ed25519') + line('host_ed25519') },
  'the other type is right': { known: () => line('stranger_ed25519') + line('host_rsa') },
  revoked: { known: () => `${line('host_ed25519')}@revoked ${line('host_ed25519')}` },
  'revoked everywhere': { known: () => `@revoked ${named('*', line('host_ed25519'))}` },
  'another key revoked': { known: () => `${line('host_ed25519')}@revoked ${line('stranger_ed25519')}` },
  negated: { known: () => named(`*,![127.0.0.1]:${sshd.port}`, line('host_ed25519')) },
  'known by a pattern': { known: () => named(`[127.0.*]:*`, line('host_ed25519')) },
  hashed: { known: () => line('host_ed25519'), hashed: true },
  'hashed and changed': { known: () => line('stranger_ed25519'), hashed: true },
  'known without its port': { known: () => named('127.0.0.1', line('host_ed25519')) },
  'changed without its port': { known: () => named('127.0.0.1', line('stranger_ed25519')) },
  'revoked without its port': { known: () => `@revoked ${named('127.0.0.1', line('host_ed25519'))}` },
  'known by an alias': { known: () => named('db', line('host_ed25519')), options: () => '-o HostKeyAlias=db' },
  'changed by an alias': { known: () => named('db', line('stranger_ed25519')), options: () => '-o HostKeyAlias=db' },
  'a certificate authority, and no certificate': { known: () => `@cert-authority ${named('*', line('ca'))}` },
  'a certificate authority, and the plain key': {
    known: () => `@cert-authority ${named('*', line('ca'))}${line('host_ed25519')}`,
  },
  ...Object.fromEntries(
    ['text', 'other', 'krl', 'krl-hash', 'missing'].map((file): [string, Situation] => [
      `RevokedHostKeys: ${file}`,
      { known: () => line('host_ed25519'), options: () => `-o RevokedHostKeys=${path(`revoked-${file}`)}` },
    ]),
  ),
}

const methods: Readonly<Record<string, () => string>> = {
  password: () => '-o PreferredAuthentications=password -o IdentityAgent=none -o IdentityFile=none',
  'keyboard-interactive': () =>
    '-o PreferredAuthentications=keyboard-interactive -o IdentityAgent=none -o IdentityFile=none',
  agent: () => `-o PreferredAuthentications=publickey -o IdentityFile=none -o IdentityAgent=${path('agent')}`,
  'a key, and the agent lent': () =>
    `-o IdentityFile=${sshd.key} -o PreferredAuthentications=publickey -o IdentityAgent=${path('agent')} -o IdentitiesOnly=yes -o ForwardAgent=yes`,
}

const script = 'echo "in${SSH_AUTH_SOCK:+, with the agent}"'

let files = 0
function knownHosts({ known, hashed }: Situation): string {
  const file = path(`table_${(files += 1)}`)
  writeFileSync(file, known())
  if (hashed) execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
  return file
}

function common(situation: Situation, policy: string, method: string, file: string): string {
  return `-F none -o UserKnownHostsFile=${file} -o GlobalKnownHostsFile=none -o StrictHostKeyChecking=${policy} ${situation.options?.() ?? ''} ${methods[method]?.() ?? ''}`
}

/** What a login came to, and whether the key was written down. */
const cell = (said: string, before: string, file: string) =>
  `${said.trim() === '' ? 'refused' : said.trim()}${readFileSync(file, 'utf8') === before ? '' : ', and written down'}`

async function byOpenSsh(situation: Situation, policy: string, method: string): Promise<string> {
  const file = knownHosts(situation)
  const before = readFileSync(file, 'utf8')
  const args = common(situation, policy, method, file).split(/\s+/).filter(Boolean)
  const all = [...args, '-o', 'UpdateHostKeys=no', '-p', String(sshd.port), `${user.name}@127.0.0.1`, script]
  const env = { ...process.env, SSH_ASKPASS: path('askpass'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' }
  return new Promise((resolve) => {
    execFile('ssh', all, { env }, (_error, stdout) => resolve(cell(stdout, before, file)))
  })
}

async function byUs(transport: string, situation: Situation, policy: string, method: string): Promise<string> {
  const file = knownHosts(situation)
  const before = readFileSync(file, 'utf8')
  const vars = {
    ansible_connection: transport,
    ansible_host: '127.0.0.1',
    ansible_port: sshd.port,
    ansible_user: user.name,
    ansible_password: user.password,
    ansible_ssh_common_args: common(situation, policy, method, file),
  }
  const connection = await connect(connectionSettings('db1', vars)).catch(() => undefined)
  if (connection === undefined) return cell('', before, file)
  try {
    return cell((await connection.exec(raw(script))).stdout.toString(), before, file)
  } catch {
    return cell('', before, file)
  } finally {
    await connection.close()
  }
}

/** OpenSSH takes a key that is revoked under the bare name for a new one under `[name]:port`; our own transport refuses a revoked key. */
const stricter: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'revoked without its port': { 'accept-new: a key, and the agent lent': 'refused' },
}

/** Without checking every method counts; with it, a key shows all that there is to see. */
const columns = [
  ...Object.keys(methods).map((method) => ['no', method] as const),
  ...['accept-new', 'yes'].map((policy) => [policy, 'a key, and the agent lent'] as const),
]
/**
 * Each cell is asked of OpenSSH itself, beside us and against the same sshd: who is let in, and what they are trusted with, must be the same. It takes the situations that
 * each transport is to be seen in.
 */
export function proveTable(asked: Readonly<Record<string, readonly string[]>>): void {
  const all = new Set(Object.values(asked).flat())
  for (const [name, situation] of Object.entries(situations).filter(([each]) => all.has(each)))
    test(`we are as safe as OpenSSH where the host key is: ${name}`, async () => {
      const cells = async (ask: (policy: string, method: string) => Promise<string>) =>
        Object.fromEntries(
          await Promise.all(
            columns.map(async ([policy, method]) => [`${policy}: ${method}`, await ask(policy, method)] as const),
          ),
        )
      const theirs = await cells((policy, method) => byOpenSsh(situation, policy, method))
      for (const transport of Object.keys(asked).filter((each) => asked[each]?.includes(name))) {
        const ours = await cells((policy, method) => byUs(transport, situation, policy, method))
        assert.equal(ours, transport === 'ssh' ? { ...theirs, ...stricter[name] } : theirs, transport)
      }
      if (name === 'known')
        assert.ok(
          Object.values(theirs).every((said) => said.startsWith('in')),
          'OpenSSH logs in',
        )
      if (name === 'changed') assert.is(theirs['no: password'], 'refused', 'OpenSSH keeps the password to itself')
    })
}
