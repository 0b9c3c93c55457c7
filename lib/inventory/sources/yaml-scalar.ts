import { integerValue } from '../values/literal-number.ts'

const truths = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const lies = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/
const nothing = /^(?:~|null|Null|NULL|)$/
const integers = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const floats =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/

/**
 * A plain YAML scalar by the rules of YAML 1.1 as PyYAML keeps them: `yes` is true and `y` is text, `0644` is 420, `1:30` is 90,
 * `1e3` is text. Dates stay text, and so do infinities and numbers too large to be exact.
 *
 * @example
 * plainScalar('0644') // 420
 */
export function plainScalar(text: string): null | boolean | number | string {
  if (nothing.test(text)) return null
  if (truths.test(text)) return true
  if (lies.test(text)) return false
  if (integers.test(text)) return integer(text)
  if (floats.test(text)) return float(text)
  return text
}

/** A scalar with a tag of its own; undefined where the text does not fit the tag. */
export function taggedScalar(tag: string, text: string): { value: null | boolean | number | string } | undefined {
  if (tag === 'str') return { value: text }
  if (tag === 'null') return { value: null }
  const value = plainScalar(tag === 'bool' ? text.toLowerCase() : text)
  if (tag === 'bool') return typeof value === 'boolean' ? { value } : undefined
  if (tag === 'int') return integers.test(text) ? { value } : undefined
  if (tag === 'float') return integers.test(text) || floats.test(text) ? { value } : undefined
  return undefined
}

function integer(text: string): number | string {
  const negative = text.startsWith('-')
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '')
  const value = unsigned(digits)
  if (!negative) return value
  return typeof value === 'string' ? `-${value}` : value === 0 ? 0 : -value
}

function unsigned(digits: string): number | string {
  if (digits.includes(':')) return sexagesimal(digits)
  if (/^0[0-7]+$/.test(digits)) return integerValue(`0o${digits.slice(1)}`)
  // Nothing but underscores may follow the prefix; Python fails there and the text is as good as a number can be.
  return /^0[bx]$/.test(digits) ? digits : integerValue(digits)
}

function float(text: string): number {
  const plain = text.replaceAll('_', '')
  if (!plain.includes(':')) return Number(plain)
  return plain.startsWith('-') ? -sexagesimal(plain.slice(1)) : sexagesimal(plain.replace(/^\+/, ''))
}

function sexagesimal(text: string): number {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}
