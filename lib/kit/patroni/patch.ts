/** A part of Patroni's configuration. */
export type ConfigTree = Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is ConfigTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Patroni passes values on as text: 100 and "100" are one. */
const same = (a: unknown, b: unknown): boolean =>
  isTree(a) || isTree(b) || Array.isArray(a) || Array.isArray(b)
    ? JSON.stringify(a) === JSON.stringify(b)
    : a === b || (a !== undefined && b !== undefined && a !== null && b !== null && String(a) === String(b))

/** What PATCH /config makes of a configuration: trees are merged, null takes away, everything else takes the place of what was. */
export function patched(now: ConfigTree, patch: ConfigTree): ConfigTree {
  const merged: Record<string, unknown> = { ...now }
  for (const [key, value] of Object.entries(patch)) {
    const is = merged[key]
    if (value === null) delete merged[key]
    else if (isTree(value)) merged[key] = patched(isTree(is) ? is : {}, value)
    else if (!same(is, value)) merged[key] = value
  }
  return merged
}

/** A configuration as lines that differ where it differs: `postgresql.parameters.max_connections: 100`. */
export function configLines(config: ConfigTree, prefix = ''): string {
  return Object.keys(config)
    .sort()
    .map((key) => {
      const value = config[key]
      return isTree(value) && Object.keys(value).length > 0
        ? configLines(value, `${prefix}${key}.`)
        : `${prefix}${key}: ${JSON.stringify(value)}\n`
    })
    .join('')
}
