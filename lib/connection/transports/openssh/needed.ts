import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { HostwrightError } from '../../../error.ts'
import { readKnownHosts } from '../../ssh/host-key.ts'
import { algorithms } from '../../ssh/algorithms.ts'
import type { SshOptions } from '../../settings/ssh-options.ts'
import { sshTarget, type SshTarget } from '../../settings/ssh-target.ts'
import { isTokenKey } from '../../ssh/token-key.ts'

/**
 * Whether the configuration of a host asks for what ssh2 cannot do, which `ansible_connection=smart` then leaves to the system's own ssh: options that ssh2 refuses,
 * algorithms that it has not, certificates of either side, keys of FIDO tokens.
 */
export function needsOpenSsh(name: string, said: SshOptions): boolean {
  try {
    const target = sshTarget(name, said)
    algorithms(target, ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512'])
    return keysBeyondSsh2(target) || onlyHostCertificates(target)
  } catch (error) {
    // Options that ssh refuses too: ssh prints the error.
    if (error instanceof HostwrightError && error.kind === 'input') return true
    throw error
  }
}

/** Did the login fail because both sides have no algorithm in common? A host may offer post-quantum key exchange only. */
export function foundNoAgreement(error: unknown): boolean {
  return error instanceof HostwrightError && /no matching /.test(error.message)
}

function keysBeyondSsh2({ requiredKeys, optionalKeys, options }: SshTarget): boolean {
  const named = [...requiredKeys, ...optionalKeys]
  const unnamed = options.identityFiles === undefined ? ['id_ed25519_sk', 'id_ecdsa_sk'] : []
  return (
    unnamed.some((file) => existsSync(join(homedir(), '.ssh', file))) ||
    named.some((file) => existsSync(`${file}-cert.pub`) || holdsTokenKey(file))
  )
}

function holdsTokenKey(file: string): boolean {
  try {
    return isTokenKey(readFileSync(file))
  } catch {
    return false
  }
}

function onlyHostCertificates({ hostKeys }: SshTarget): boolean {
  const entries = readKnownHosts(hostKeys).filter(({ marker }) => marker !== 'revoked')
  return entries.length > 0 && entries.every(({ marker }) => marker === 'cert-authority')
}
