/** A line as it stands in a file: its text, and what ends it (nothing, where the file ends without a newline). */
export interface Line {
  readonly text: string
  readonly end: '\n' | '\r\n' | ''
}

/** Many edits of one file begin with the same content. */
const known = new WeakMap<Buffer, readonly Line[]>()

/** Texts here hold a byte in each character, so that whatever is not touched stays as it is. */
export function linesOf(content: Buffer): readonly Line[] {
  const lines = known.get(content) ?? split(content)
  known.set(content, lines)
  return lines
}

function split(content: Buffer): readonly Line[] {
  const text = content.toString('latin1')
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    if (line.endsWith('\r\n')) return { text: line.slice(0, -2), end: '\r\n' }
    return line.endsWith('\n') ? { text: line.slice(0, -1), end: '\n' } : { text: line, end: '' }
  })
}

export function bytesOf(lines: readonly Line[]): Buffer {
  return Buffer.from(lines.map((line) => line.text + line.end).join(''), 'latin1')
}

/** How the lines of a file end: as its first one does. */
export function endingOf(lines: readonly Line[]): '\n' | '\r\n' {
  return lines[0]?.end === '\r\n' ? '\r\n' : '\n'
}

/** The lines with one that goes to an index; the line before it gets its newline when it has none. */
export function withInserted(lines: readonly Line[], index: number, ...added: readonly Line[]): readonly Line[] {
  const before = lines.slice(0, index)
  const last = before.pop()
  const closed = last === undefined ? [] : [last.end === '' ? { ...last, end: endingOf(lines) } : last]
  return [...before, ...closed, ...added, ...lines.slice(index)]
}

/** Text as a pattern of Ansible sees the line: with its newline, and that a single one. */
export function matched(line: Line): string {
  return line.end === '' ? line.text : `${line.text}\n`
}
