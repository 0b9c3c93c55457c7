import { readFileSync } from 'node:fs'

/** The value of `"hostwright": { "lab": … }` in a package.json; undefined where it has none. @throws when the file cannot be read or parsed. */
export function labIn(file: string): unknown {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly hostwright?: { readonly lab?: unknown } } | null
  return content?.hostwright?.lab
}
