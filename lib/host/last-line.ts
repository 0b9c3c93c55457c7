/** The last line that is not blank, without the blanks at its end. */
export function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split(/[\r\n]+/)
      .at(-1) ?? ''
  )
}

/** Nobody watches longer lines; what is behind of one is left out. */
const longestLine = 4096

/** Passes on the newest whole line of a stream of chunks. */
export function watchLines(progress: (line: string) => void): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    const parts = (rest + chunk.toString()).split(/[\r\n]+/)
    rest = (parts.pop() ?? '').slice(0, longestLine)
    const line = parts.findLast((part) => part.trim() !== '')
    if (line !== undefined) progress(line)
  }
}
