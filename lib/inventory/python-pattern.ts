import { TimedRegExp } from '../regexp/timed.ts'

/** A regular expression in Python's notation, matched from the beginning of the text; undefined if it is broken. */
export function pythonPattern(source: string): RegExp | undefined {
  const flags = /^\(\?([ims]+)\)/.exec(source)
  const body = source
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$')
  try {
    return new TimedRegExp(`^(?:${body})`, flags?.[1] ?? '', source)
  } catch {
    return undefined
  }
}
