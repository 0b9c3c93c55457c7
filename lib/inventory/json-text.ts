import { printableJson } from '../printable.ts'
import { compareText } from './model.ts'
import type { Value } from './values/value.ts'

/**
 * JSON as Ansible prints it: keys sorted as texts, four blanks of indentation. JSON.stringify would put keys that look like
 * numbers first.
 */
export function toJson(value: Value, indent = ''): string {
  if (value === null || typeof value !== 'object') return printableJson(JSON.stringify(value))
  const inner = `${indent}    `
  const items = Array.isArray(value)
    ? (value as readonly Value[]).map((item) => toJson(item, inner))
    : Object.entries(value)
        .sort(([a], [b]) => compareText(a, b))
        .map(([key, item]) => `${printableJson(JSON.stringify(key))}: ${toJson(item as Value, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return items.length === 0 ? open + close : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`
}
