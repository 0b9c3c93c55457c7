import type { SshTarget } from '../settings/ssh-target.ts'

const made: SshTarget[] = []

/** Notes a login that this run had to make, and that may be made once more without asking anybody. */
export function noteLogin(target: SshTarget): void {
  if (target.persist > 0) made.push(target)
}

/** Those that were noted since the last call. */
export function takeLogins(): readonly SshTarget[] {
  return made.splice(0)
}
