import { without } from './letters.ts'

/** What stands behind a comment sign, in any format: one line, and no backslash at its end that would join the next line. */
export function commentText(text: string): string {
  return without(text, /[\0\n\r\x0b\x0c\x85\u2028\u2029]|\\$/, 'a comment')
}
