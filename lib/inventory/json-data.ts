import type { Place } from '../error.ts'
import { type Raw, type RawMapping, UnsafeText, VaultText } from './value.ts'

/** What JSON.parse gave, with the markers for encrypted and unsafe texts read. */
export function rawFromJson(value: unknown, place: Place): Raw {
  if (Array.isArray(value)) return value.map((item) => rawFromJson(item, place))
  if (value === null || typeof value !== 'object') return value as null | boolean | number | string
  const mapping = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rawFromJson(item, place)]))
  return unwrapJson(mapping, place) ?? mapping
}

/** JSON has no tags, so Ansible writes an encrypted or unsafe text as a mapping: `{"__ansible_vault": "…"}`. */
export function unwrapJson(mapping: RawMapping, place: Place): VaultText | UnsafeText | undefined {
  const { __ansible_vault: vault, __ansible_unsafe: unsafe } = mapping
  if (typeof vault === 'string') return new VaultText(vault, place)
  return typeof unsafe === 'string' ? new UnsafeText(unsafe) : undefined
}
