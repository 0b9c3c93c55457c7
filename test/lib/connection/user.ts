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

/** As soon as the processes of the user are gone: what a cut connection leaves there goes on for some seconds. */
function deleteUser(name: string): void {
  for (let attempts = 0; spawnSync('userdel', [name], { stdio: 'ignore' }).status !== 0; attempts += 1) {
    if (attempts === 600) throw new Error(`processes of ${name} do not end`)
    execFileSync('sleep', ['0.1'])
  }
}
