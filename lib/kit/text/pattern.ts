import { HostwrightError } from '../../error.ts'
import { TimedRegExp } from '../../regexp/timed.ts'
import { classFor, readClass, wordClass } from './pattern-classes.ts'

/** How a regular expression of Python is read. */
export interface PatternOptions {
  /** Characters, or bytes written one to a character (which is how files of no known encoding are handled). */
  readonly text: 'characters' | 'bytes'
  /** `^` and `$` match at every line. */
  readonly multiline?: boolean
  /** `.` matches newlines too. */
  readonly dotAll?: boolean
}

/** The last that were made: each is asked for when it is checked, and again when it is used. */
const made = new Map<string, RegExp>()
const mostMade = 1000

/**
 * A regular expression in Python's syntax, as Ansible's playbooks have them, with the meaning it has there: `(?P<name>…)`, `\A`, `\Z`, a leading `(?i)`,
 * `$` before a last newline, `.` that stops at newlines only, and `\s`, `\w`, `\d`, `\b` for bytes or for all of Unicode.
 *
 * @throws HostwrightError of kind `input` for what is no regular expression or has no counterpart here (`(?x)`, `(?(1)…)`, flags for a part).
 */
export function pattern(source: string, options: PatternOptions, extraFlags = ''): RegExp {
  const key = JSON.stringify([source, options, extraFlags])
  const found = made.get(key)
  if (found !== undefined) return found
  const expression = compiled(source, options, extraFlags)
  if (made.size >= mostMade) made.clear()
  // A `g` or `y` pattern has a position of its own, so it is not shared.
  if (!/[gy]/.test(extraFlags)) made.set(key, expression)
  return expression
}

function compiled(source: string, options: PatternOptions, extraFlags: string): RegExp {
  const found = /^\(\?([aiLmsux]+)\)/.exec(source)
  const inline = found?.[1] ?? ''
  if (inline.includes('x')) throw unusable(source, 'the flag (?x) has no counterpart here')
  const start = found?.[0].length ?? 0
  const bytes = options.text === 'bytes' ? asBytes(source.slice(start)) : source.slice(start)
  const translated = translate(source, bytes, {
    ...options,
    multiline: options.multiline === true || inline.includes('m'),
    dotAll: options.dotAll === true || inline.includes('s'),
  })
  try {
    return new TimedRegExp(translated, `u${inline.includes('i') ? 'i' : ''}${extraFlags}`, source)
  } catch (error) {
    throw unusable(source, error instanceof Error ? error.message.replace(/^.*\/: /, '') : String(error))
  }
}

/** Does the pattern ask for `(?m)`? */
export function isMultiline(source: string): boolean {
  return /^\(\?[a-zA-Z]*m/.test(source)
}

/** Complaints about a regular expression, as lines for {@link ModuleDefinition.check}. */
export function patternComplaints(name: string, source: string | undefined): readonly string[] {
  if (source === undefined) return []
  try {
    pattern(source, { text: 'bytes' })
    return []
  } catch (error) {
    return [`"${name}" ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** The UTF-8 bytes of a text, each as one character: what the editors of files search in. */
export function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

const end = '(?![\\s\\S])'
const start = '(?<![\\s\\S])'

function translate(whole: string, source: string, options: PatternOptions): string {
  let out = ''
  for (let at = 0; at < source.length;) {
    const [piece, length] = nextPiece(whole, source, at, options)
    out += piece
    at += length
  }
  return out
}

/** The translation of what begins here, and how much of the source that was. */
function nextPiece(whole: string, source: string, at: number, options: PatternOptions): readonly [string, number] {
  const rest = source.slice(at)
  switch (source.charAt(at)) {
    case '\\':
      return escape(rest, options)
    case '[':
      return readClass(rest, options.text)
    case '.':
      return [options.dotAll === true ? '[\\s\\S]' : '[^\\n]', 1]
    case '^':
      return [options.multiline === true ? `(?:${start}|(?<=\\n))` : start, 1]
    case '$':
      return [options.multiline === true ? `(?=\\n|${end})` : `(?=\\n?${end})`, 1]
    case '(':
      return group(whole, rest)
    case '{': {
      const bounds = /^\{(\d*)(,?)(\d*)\}/.exec(rest)
      const counted = bounds !== null && /\d/.test(bounds[0])
      return counted ? [`{${bounds[1] || '0'}${bounds[2] ?? ''}${bounds[3] ?? ''}}`, bounds[0].length] : ['\\{', 1]
    }
    case '}':
    case ']':
      return [`\\${source[at] ?? ''}`, 1]
    default: {
      const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
      return [character, character.length]
    }
  }
}

function group(whole: string, rest: string): readonly [string, number] {
  const named = /^\(\?P<([A-Za-z_]\w*)>/.exec(rest)
  if (named !== null) return [`(?<${named[1] ?? ''}>`, named[0].length]
  const back = /^\(\?P=([A-Za-z_]\w*)\)/.exec(rest)
  if (back !== null) return [`\\k<${back[1] ?? ''}>`, back[0].length]
  const comment = /^\(\?#[^)]*\)/.exec(rest)
  if (comment !== null) return ['', comment[0].length]
  const known = /^\((?!\?)|^\(\?(?:[:=!]|<[=!])/.exec(rest)
  if (known !== null) return [known[0], known[0].length]
  throw unusable(whole, `"${rest.slice(0, 3)}…" has no counterpart here`)
}

/** What an escape outside of brackets means. JavaScript with `u` knows fewer than Python, and punctuation needs none. */
function escape(rest: string, { text }: PatternOptions): readonly [string, number] {
  const letter = rest[1] ?? ''
  if ('sSdDwW'.includes(letter) && letter !== '') return [`[${classFor(letter, text)}]`, 2]
  switch (letter) {
    case 'A':
      return [start, 2]
    case 'Z':
      return [end, 2]
    case 'b':
    case 'B':
      return [boundary(letter, wordClass(text)), 2]
    case 'a':
      return ['\\x07', 2]
    case '0': {
      const octal = /^\\0[0-7]{0,2}/.exec(rest)?.[0] ?? '\\0'
      return [hex(parseInt(octal.slice(1), 8)), octal.length]
    }
    default:
      if (/^\\[1-9]/.test(rest)) {
        const reference = /^\\[1-9]\d?/.exec(rest)?.[0] ?? ''
        return [`(?:${reference})`, reference.length]
      }
      if (/^\\(?:[fnrtv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.test(rest)) return [`\\${letter}`, 2]
      return /[A-Za-z0-9]/.test(letter) ? [`\\${letter}`, 2] : [literal(letter), 2]
  }
}

function boundary(kind: 'b' | 'B' | string, word: string): string {
  const [before, after] = [`(?<=[${word}])`, `(?=[${word}])`]
  const [notBefore, notAfter] = [`(?<![${word}])`, `(?![${word}])`]
  return kind === 'b'
    ? `(?:${before}${notAfter}|${notBefore}${after})`
    : `(?:${before}${after}|${notBefore}${notAfter})`
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`
}

function unusable(source: string, why: string): HostwrightError {
  return new HostwrightError(`is no usable regular expression: ${JSON.stringify(source)}: ${why}`, {
    kind: 'input',
    next: 'regular expressions are written as in Ansible (Python)',
  })
}
