import { unknownText } from '../../play/module.ts'

/**
 * Stands in check mode for a result that could not be predicted. Whatever is read of it is unknown again, lists are empty, text is
 * {@link unknownText}: a task's function runs through, and what it makes of it is predicted instead of planned.
 */
export function unknownResult(name: string): object {
  return new Proxy(() => undefined, {
    get: (_, property) => {
      switch (property) {
        case Symbol.toPrimitive:
        case 'toString':
        case 'toJSON':
        case 'join':
          return () => unknownText(name)
        case Symbol.iterator:
          return () => [][Symbol.iterator]()
        case 'length':
          return 0
        case 'then':
          return undefined
        default:
          return typeof property === 'symbol' ? undefined : unknownResult(`${name}.${property}`)
      }
    },
    apply: () => unknownResult(`${name}()`),
    getPrototypeOf: () => Object.prototype,
  })
}

const notes = new WeakMap<object, string>()

/** Marks a registered result as predicted only. */
export function markPredicted(result: object, note: string): object {
  notes.set(result, note)
  return result
}

/** These results with unknown results in the place of those that were only predicted; undefined when there are none. */
export function withUnknownResults(
  results: Readonly<Record<string, unknown>>,
): { readonly results: Readonly<Record<string, unknown>>; readonly note: string } | undefined {
  const predicted = Object.entries(results).flatMap(([key, value]): [string, string][] => {
    const note = typeof value === 'object' && value !== null ? notes.get(value) : undefined
    return note === undefined ? [] : [[key, note]]
  })
  const [first] = predicted
  if (first === undefined) return undefined
  return {
    results: { ...results, ...Object.fromEntries(predicted.map(([key]) => [key, unknownResult(key)])) },
    note: first[1],
  }
}
