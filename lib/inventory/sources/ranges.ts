const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** More hosts than this in one pattern is a slip of the finger, and would eat the memory. */
const most = 100_000

export type Expanded = { readonly hosts: readonly string[] } | { readonly error: string }

/**
 * The host names a pattern stands for: `[begin:end]` or `[begin:end:step]`, of numbers (leading zeros are kept) or letters.
 *
 * @example
 * expandRanges('web[08:10]-[a:b]') // web08-a, web08-b, web09-a, …
 */
export function expandRanges(name: string): Expanded {
  const open = name.indexOf('[')
  if (open < 0) return { hosts: [name] }
  const close = name.indexOf(']')
  if (close < open) return { error: `the range in "${name}" does not close` }
  const items = rangeItems(name.slice(open + 1, close))
  if ('error' in items) return items
  const hosts: string[] = []
  for (const item of items.hosts) {
    const more = expandRanges(name.slice(0, open) + item + name.slice(close + 1))
    if ('error' in more) return more
    hosts.push(...more.hosts)
    if (hosts.length > most) return { error: `"${name}" stands for more than ${most} hosts` }
  }
  return { hosts }
}

function rangeItems(range: string): Expanded {
  const [begin = '', end, step, ...rest] = range.split(':')
  if (end === undefined) return { error: `[${range}] is no range` }
  if (rest.length > 0) return { error: `the range [${range}] has more than begin, end and step` }
  if (end === '') return { error: `the range [${range}] has no end` }
  if (step !== undefined && !/^0*[1-9][0-9]*$/.test(step))
    return { error: `the step of the range [${range}] is not a count` }
  const by = Number(step ?? 1)
  if (/^[a-zA-Z]$/.test(begin) && /^[a-zA-Z]$/.test(end))
    return counted(range, letters.indexOf(begin), letters.indexOf(end), by, (n) => letters[n] ?? '')
  if (!/^[0-9]*$/.test(begin) || !/^[0-9]+$/.test(end))
    return { error: `the range [${range}] is neither of numbers nor of single letters` }
  const padded = begin.length > 1 && begin.startsWith('0')
  if (padded && begin.length !== end.length)
    return { error: `the range [${range}] begins with zeros, so its ends must be equally long` }
  return counted(range, Number(begin), Number(end), by, (n) => String(n).padStart(padded ? begin.length : 1, '0'))
}

function counted(range: string, begin: number, end: number, step: number, name: (n: number) => string): Expanded {
  if (begin > end) return { error: `the range [${range}] ends before it begins` }
  if ((end - begin) / step > most) return { error: `the range [${range}] stands for more than ${most} hosts` }
  const hosts: string[] = []
  for (let n = begin; n <= end; n += step) hosts.push(name(n))
  return { hosts }
}
