const yes = new Set(['y', 'yes', 'on', '1', 'true', 't'])
const no = new Set(['n', 'no', 'off', '0', 'false', 'f'])

/**
 * What a word means where a boolean is wanted, by Ansible's rule: in any letter case, blanks around it aside. Undefined for any other word.
 *
 * @example
 * booleanOf('Yes') // true
 */
export function booleanOf(word: string): boolean | undefined {
  const plain = word.trim().toLowerCase()
  return yes.has(plain) ? true : no.has(plain) ? false : undefined
}
