import type { HostwrightError, Place } from '../../error.ts'
import { inputError } from '../model.ts'
import { type Raw, type RawMapping, UnsafeText, VaultText } from '../values/value.ts'

/** Nobody writes deeper values, and whoever walks through them would run out of stack. */
export const deepestNesting = 500

export function tooDeep(place: Place): HostwrightError {
  return inputError(`values are nested more than ${deepestNesting} deep`, place, 'see what wrote it')
}

/** What JSON.parse gave, with the markers for encrypted and unsafe texts read. */
export function rawFromJson(value: unknown, place: Place, depth = 0): Raw {
  if (depth > deepestNesting) throw tooDeep(place)
  if (Array.isArray(value)) return value.map((item) => rawFromJson(item, place, depth + 1))
  if (value === null || typeof value !== 'object') return value as null | boolean | number | string
  const mapping = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rawFromJson(item, place, depth + 1)]),
  )
  return unwrapJson(mapping, place) ?? mapping
}

/** JSON has no tags, so Ansible writes an encrypted or unsafe text as a mapping: `{"__ansible_vault": "…"}`. */
export function unwrapJson(mapping: RawMapping, place: Place): VaultText | UnsafeText | undefined {
  const { __ansible_vault: vault, __ansible_unsafe: unsafe } = mapping
  if (typeof vault === 'string') return new VaultText(vault, place)
  return typeof unsafe === 'string' ? new UnsafeText(unsafe) : undefined
}
