import { Secret } from '../../../lib/secret.ts'

/** Values with the text of secrets in them. */
export function revealDeep(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealDeep)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealDeep(item)]))
}
