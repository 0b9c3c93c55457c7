/** Data as Ansible prints it on one line: keys sorted, a blank behind each comma and colon. */
export function oneLineJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLineJson).join(', ')}]`
  if (!isObject(value)) return scalar(value)
  const entries = sortedEntries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLineJson(item)}`)
  return `{${entries.join(', ')}}`
}

/** The same over several lines, four blanks deeper at each level. */
export function indentedJson(value: unknown, indent = ''): string {
  const inner = `${indent}    `
  if (Array.isArray(value))
    return wrap(
      '[',
      value.map((item) => indentedJson(item, inner)),
      ']',
      indent,
    )
  if (!isObject(value)) return scalar(value)
  const entries = sortedEntries(value).map(([key, item]) => `${JSON.stringify(key)}: ${indentedJson(item, inner)}`)
  return wrap('{', entries, '}', indent)
}

function wrap(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close
  return `${open}\n${items.map((item) => `${indent}    ${item}`).join(',\n')}\n${indent}${close}`
}

/** A text stands as it is, anything else as JSON: a value inside a sentence. */
export function plainValue(value: unknown): string {
  return typeof value === 'string' ? value : oneLineJson(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !('toJSON' in value)
}

function scalar(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  return JSON.stringify(value) ?? 'null'
}

function sortedEntries(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}
