import type { Place } from '../../error.ts'
import { Secret } from '../../secret.ts'
import { inputError } from '../model.ts'
import { type Raw, UnsafeText, VaultText } from '../values/value.ts'
import { deepestNesting, tooDeep, unwrapJson } from './json-data.ts'

/** A group as data, in the shape of Ansible's YAML inventory. */
export interface GroupData {
  /** The hosts by name, each with its variables; a name may hold ranges, such as `web[1:3]`. */
  readonly hosts?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
  /** The variables of the group. */
  readonly vars?: Readonly<Record<string, unknown>>
  /** The groups below, by name. */
  readonly children?: Readonly<Record<string, GroupData | null>>
}

/**
 * An inventory as data, in the shape of Ansible's YAML inventory: groups by name. A text may refer to other variables (`{{ port }}`); a {@link Secret}
 * is masked wherever it would be shown.
 *
 * @example
 * const inventory: InventoryData = {
 *   web: { hosts: { web1: { ansible_host: '10.0.0.1' }, web2: null }, vars: { port: 80 } },
 *   site: { children: { web: null } },
 * }
 */
export type InventoryData = Readonly<Record<string, GroupData | null>>

/** A program's data as an inventory holds it. A property that is `undefined` is left out. */
export function rawFromData(value: unknown, place: Place, path: readonly string[] = []): Raw {
  if (path.length > deepestNesting) throw tooDeep(place)
  if (value instanceof Secret) return new UnsafeText(value.reveal())
  if (value instanceof UnsafeText || value instanceof VaultText) return value
  if (Array.isArray(value)) return value.map((item, index) => rawFromData(item, place, [...path, String(index)]))
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Raw
  if (typeof value === 'object' && isPlain(value)) {
    const known = Object.entries(value).filter(([, item]) => item !== undefined)
    const mapping = Object.fromEntries(known.map(([key, item]) => [key, rawFromData(item, place, [...path, key])]))
    return unwrapJson(mapping, place) ?? mapping
  }
  const kind = typeof value === 'object' ? value.constructor.name : typeof value
  throw inputError(
    `${path.join('.')} is a ${kind}, which no inventory can hold`,
    place,
    'give text, a number, true or false, null, a list, a mapping or a Secret',
  )
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
