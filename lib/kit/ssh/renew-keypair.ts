import { HostwrightError } from '../../error.ts'
import type { Pair } from './read-keypair.ts'

/** Is a new key to be made? Throws where the options forbid it. Pure. */
export function renews(
  { key, words }: Pick<Pair, 'key' | 'words'>,
  regenerate: 'never' | 'fail' | 'partial_idempotence' | 'full_idempotence' | 'always',
  { type, size, path }: { readonly type: string; readonly size: number; readonly path: string },
): boolean {
  if (key === 'absent') return true
  if (key === 'pending') return false
  if (regenerate === 'always') return true
  if (key === 'unreadable') {
    if (regenerate === 'full_idempotence') return true
    const open = /bad permissions|UNPROTECTED/.test(words)
    const why = open ? 'others can read it too' : 'it is broken, or behind a passphrase'
    throw new HostwrightError(`the key ${path} cannot be read: ${why}\n${words}`, {
      next: open
        ? 'first set its mode to 0600 with file'
        : 'move it away, or set regenerate: full_idempotence to have it replaced',
    })
  }
  const fits = key.type === type && (type === 'ed25519' || key.size === size)
  if (fits || regenerate === 'never') return false
  if (regenerate === 'fail')
    throw new HostwrightError(`the key ${path} is ${key.type} of ${key.size} bits, not ${type} of ${size}`, {
      next: 'change the options, or set regenerate: partial_idempotence to have it replaced',
    })
  return true
}
