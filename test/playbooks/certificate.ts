import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenLab } from '../../lab/index.ts'

/** Makes a key that no host knows, and a certificate for it. The hosts trust the authority that signed it from now on. */
export interface CertifiedKey {
  readonly file: string
  remove(): void
}

/** For the lab's user `admin`. */
export async function certifiedKey(lab: OpenLab, hosts: readonly string[]): Promise<CertifiedKey> {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-certificate-'))
  const file = join(folder, 'key')
  const keygen = (...args: readonly string[]) => execFileSync('ssh-keygen', ['-q', ...args])
  for (const path of [`${folder}/ca`, file]) keygen('-t', 'ed25519', '-N', '', '-f', path)
  keygen('-s', `${folder}/ca`, '-I', 'test', '-n', 'admin', '-V', '+1d', `${file}.pub`)
  const authority = readFileSync(`${folder}/ca.pub`, 'utf8')
  const trust = `cat >/etc/ssh/user-ca.pub
echo 'TrustedUserCAKeys /etc/ssh/user-ca.pub' >/etc/ssh/sshd_config.d/user-ca.conf
systemctl reload ssh`
  await Promise.all(hosts.map((host) => lab.console(host, trust, authority)))
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
