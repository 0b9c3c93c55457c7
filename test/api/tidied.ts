/** Without what says nothing to users: where a type is declared, private members, and the compiler's order of words. */
export function tidied(text: string): string {
  return text
    .replace(/import\("[^"]*"\)\./g, '')
    .replace(/^\s*(#private|private .*);\n/gm, '')
    .replace(/"[^"]*"(?: \| "[^"]*")+/g, (words) => words.split(' | ').sort().join(' | '))
}
