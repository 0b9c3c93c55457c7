const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/
const blanks = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const outer = new RegExp(`^${blanks}|${blanks}$`, 'g')

/** The lines of a text where Python sees them end, which is at more characters than editors do. */
export function splitLines(text: string): string[] {
  const lines = text.split(lineEnd)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Without the blanks around it, by Python's idea of a blank. */
export function strip(text: string): string {
  return text.replace(outer, '')
}
