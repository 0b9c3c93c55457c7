const execute = 0o111
const masks = { u: 0o4700, g: 0o2070, o: 0o1007 } as const
const shifts = { u: 6, g: 3, o: 0 } as const
type Who = keyof typeof masks

/** What a symbolic mode starts from. */
export interface ModeBase {
  /** The permission bits now; for something new, what it is made with. */
  readonly current: number
  /** Whether it is a folder: `X` then means `x`. */
  readonly directory: boolean
  /** The umask: bits that a clause without `u`, `g`, `o` or `a` does not set. */
  readonly umask: number
}

/**
 * The permission bits that a mode, as Ansible writes it, gives to something: octal digits, or chmod's symbolic form. Unlike GNU chmod, `=` and octal digits
 * clear setuid and setgid of directories too, as Ansible does.
 *
 * @example
 * resolveMode('u=rwX,go=rX', { current: 0o600, directory: false, umask: 0o022 }) // 0o644
 */
export function resolveMode(mode: string, base: ModeBase): number {
  if (isOctal(mode)) return parseInt(mode, 8) & 0o7777
  return mode.split(',').reduce((bits, clause) => applyClause(clause, bits, base), base.current)
}

/** Octal digits do not depend on the current mode; a symbolic mode does. */
export function isOctal(mode: string): boolean {
  return /^[0-7]+$/.test(mode)
}

/** As Ansible shows permission bits: `'0644'`, `'01777'`. */
export function formatMode(bits: number): string {
  return `0${(bits & 0o7777).toString(8).padStart(3, '0')}`
}

function applyClause(clause: string, bits: number, base: ModeBase): number {
  const who = /^[ugoa]*/.exec(clause)?.[0] ?? ''
  const everybody = who === '' || who.includes('a')
  const affected: readonly Who[] = everybody ? ['u', 'g', 'o'] : ([...who].filter((letter) => letter in masks) as Who[])
  // The umask counts only in a clause without `u`, `g`, `o` or `a`.
  const allowed = who === '' ? ~(base.umask & 0o777) : ~0
  return [...clause.slice(who.length).matchAll(/([-+=])([rwxXstugo]*)/g)].reduce((result, [, operator, letters]) => {
    const mask = affected.reduce((sum, one) => sum | masks[one], 0)
    const wanted = affected.reduce((sum, one) => sum | bitsFor(one, letters ?? '', result, base.directory), 0) & allowed
    if (operator === '+') return result | wanted
    if (operator === '-') return result & ~wanted
    return (result & ~mask) | wanted
  }, bits)
}

function bitsFor(who: Who, letters: string, bits: number, directory: boolean): number {
  const shift = shifts[who]
  return [...letters].reduce((sum, letter) => {
    switch (letter) {
      case 'r':
        return sum | (0o4 << shift)
      case 'w':
        return sum | (0o2 << shift)
      case 'x':
        return sum | (0o1 << shift)
      case 'X':
        return directory || (bits & execute) !== 0 ? sum | (0o1 << shift) : sum
      case 's':
        return who === 'u' ? sum | 0o4000 : who === 'g' ? sum | 0o2000 : sum
      case 't':
        return who === 'o' ? sum | 0o1000 : sum
      default:
        // A copy of what another class has.
        return sum | (((bits >> shifts[letter as Who]) & 0o7) << shift)
    }
  }, 0)
}
