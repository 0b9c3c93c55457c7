import { readlinkSync } from 'node:fs'
import { Secret } from '../../secret.ts'
import type { SshTarget } from '../settings/ssh-target.ts'
import { digest } from '../../digest.ts'

/** A target as text that says all of it, passwords too: it travels over the keeper's own streams only. */
export function packTarget(target: SshTarget): string {
  return JSON.stringify(target, function (this: Readonly<Record<string, unknown>>, key: string, value: unknown) {
    const own = this[key]
    return own instanceof Secret ? { secret: own.reveal() } : value
  })
}

export function unpackTarget(text: string): SshTarget {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('secret' in value)) return value
    return new Secret(String(value.secret))
  }) as SshTarget
}

/** Two logins are interchangeable when their keys are equal: the same network, and the same settings for the login. */
export function loginKey(target: SshTarget): string {
  return digest(`${network()}\n${packTarget({ ...target, name: '' })}`)
}

/** The same address is another host in another network namespace. */
function network(): string {
  try {
    return readlinkSync('/proc/self/ns/net')
  } catch {
    // Only Linux has them.
    return ''
  }
}
