import { TimedRegExp } from './timed.ts'

/**
 * A shell pattern as Python's fnmatch reads it: `*`, `?`, `[abc]`, `[a-z]`, `[!x]`; a bracket that never closes is itself.
 *
 * @example
 * globPattern('web?.lab').test('web1.lab') // true
 */
export function globPattern(glob: string): RegExp {
  let source = ''
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i] ?? ''
    if (char === '*') source += '.*'
    else if (char === '?') source += '.'
    else if (char === '[') {
      const close = closing(glob, i)
      if (close === undefined) source += '\\['
      else {
        source += characterClass(glob.slice(i + 1, close))
        i = close
      }
    } else source += escape(char)
  }
  return new TimedRegExp(`^(?:${source})$`, 's', glob)
}

/** A bracket directly behind `[` or `[!` is an ordinary member. */
function closing(glob: string, open: number): number | undefined {
  const first = glob[open + 1] === '!' ? open + 2 : open + 1
  const close = glob.indexOf(']', glob[first] === ']' ? first + 1 : first)
  return close < 0 ? undefined : close
}

function characterClass(body: string): string {
  const negated = body.startsWith('!')
  const members = negated ? body.slice(1) : body
  let source = ''
  for (let i = 0; i < members.length; i++) {
    const from = members[i] ?? ''
    const to = members[i + 1] === '-' ? members[i + 2] : undefined
    if (to === undefined) source += escape(from)
    else {
      // A range that runs backwards holds nothing.
      if (from <= to) source += `${escape(from)}-${escape(to)}`
      i += 2
    }
  }
  if (source === '') return negated ? '.' : '(?!)'
  return `[${negated ? '^' : ''}${source}]`
}

function escape(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
}
