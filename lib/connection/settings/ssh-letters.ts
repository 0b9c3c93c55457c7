import { wordsOf } from '../../words.ts'

/** One option of ssh's command line. */
export interface SshLetter {
  readonly letter: string
  /** Undefined for an option that takes none. */
  readonly value: string | undefined
}

/**
 * The options of a line of ssh arguments, `-4C -p 22` as well as `-p22`. A word that is no option is refused, because ssh would take it for the host.
 *
 * @param takesValue Does the option of this letter take a value? May refuse the letter.
 * @param refuse Throws an error that names what it is given.
 */
export function sshLetters(
  line: string,
  takesValue: (letter: string) => boolean,
  refuse: (what: string) => never,
): readonly SshLetter[] {
  const words = wordsOf(line, 'the arguments of ssh')
  const found: SshLetter[] = []
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    // A word that is no option may be part of a password, so it is not shown.
    if (!/^-[A-Za-z0-9]/.test(word)) refuse(`at word ${i + 1}, which is none,`)
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? ''
      if (!takesValue(letter)) {
        found.push({ letter, value: undefined })
        continue
      }
      const attached = word.slice(at + 1)
      const value = attached === '' ? words[(i += 1)] : attached
      found.push({ letter, value: value ?? refuse(`-${letter} without a value`) })
      break
    }
  }
  return found
}
