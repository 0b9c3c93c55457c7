/** The properties of `T`, each of which may be missing, and none of which is undefined. */
export type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/**
 * The properties that have a value. A property that is undefined is left out, as optional properties want it.
 *
 * @example
 * new HostwrightError('no such file', { host, ...defined({ place: task.site.place, next }) })
 */
export function defined<T extends object>(properties: T): Defined<T> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Defined<T>
}
