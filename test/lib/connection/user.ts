import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { Secret } from '../../../lib/secret.ts'

/** A user of this machine with a password, for one test. */
export interface TemporaryUser {
  readonly name: string
  readonly password: Secret
  remove(): void
}

/** With what sudo may do for them, as in /etc/sudoers: `ALL=(ALL) ALL`; in a terminal of its own, as sudo does from 1.9.14 on. */
export function temporaryUser(label: string, sudo?: string): TemporaryUser {
  const name = `hwt-${label}-${process.pid}`
  const password = `a "long" password, ${'x'.repeat(8)}`
  const rules = `/etc/sudoers.d/${name}`
  execFileSync('useradd', ['--system', '--create-home', '--home-dir', `/tmp/${name}`, '--shell', '/bin/sh', name])
  execFileSync('chpasswd', { input: `${name}:${password}\n` })
  if (sudo !== undefined) writeFileSync(rules, `Defaults:${name} !lecture,use_pty\n${name} ${sudo}\n`, { mode: 0o440 })
  return {
    name,
    password: new Secret(password),
    remove() {
      rmSync(rules, { force: true })
      deleteUser(name)
      rmSync(`/tmp/${name}`, { recursive: true, force: true })
    },
  }
}

/** As soon as the processes of the user are gone, which end behind a closed connection. */
function deleteUser(name: string, attempts = 100): void {
  const { status } = spawnSync('userdel', [name], { stdio: 'ignore' })
  if (status === 0) return
  if (attempts === 0) throw new Error(`processes of ${name} do not end`)
  execFileSync('sleep', ['0.1'])
  deleteUser(name, attempts - 1)
}
