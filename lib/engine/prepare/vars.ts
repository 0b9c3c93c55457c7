/** A host's variables, or a play's. */
export type Vars = Readonly<Record<string, unknown>>

/** A function of a name that is worked out once for each. */
export function memo<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    if (!known.has(key)) known.set(key, make(key))
    return known.get(key) as T
  }
}
