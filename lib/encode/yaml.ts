import { CannotEncode } from './cannot-encode.ts'
import { without } from './letters.ts'

/**
 * A value as YAML on one line: text in double quotes, lists and mappings in brackets. JSON is YAML, but for letters that YAML takes for line breaks or refuses.
 *
 * @see https://yaml.org/spec/1.2.2/#57-escaped-characters
 */
export function yamlValue(value: unknown): string {
  const text = JSON.stringify(value, checked) as string | undefined
  if (text === undefined) throw new CannotEncode('nothing cannot be written in YAML: give null, or a value')
  return text.replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped)
}

function checked(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? without(value, /(?!)/, 'YAML') : value
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}
