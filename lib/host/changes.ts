/** Wraps a part of a host: `around` is called for each method that may change the host, which is every method but `questions`. */
export function aroundChanges<T extends object>(
  part: T,
  questions: readonly (keyof T)[],
  around: (change: () => Promise<unknown>) => Promise<unknown>,
): T {
  const asking: ReadonlySet<unknown> = new Set(questions)
  return new Proxy(part, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function' || asking.has(property)) return value
      return (...given: unknown[]) => around(async () => await (Reflect.apply(value, target, given) as unknown))
    },
  })
}
