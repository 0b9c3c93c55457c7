/** Controls (C0 and C1), and the marks that turn the direction of text around: with these, what a host or an inventory says could steer a terminal, or read as something else. */
const unseen = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069'
const inText = new RegExp(`[${unseen}]`, 'g')
const inName = new RegExp(`[${unseen}\\t\\n\\u2028\\u2029]`, 'g')
const inJson = new RegExp(`[${unseen}\\u2028\\u2029]`, 'g')

/** Control characters other than newline and tab made visible; a carriage return before a newline goes. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(inText, visible)
}

/** The same for what stands inside a line, such as the name of a host: newlines too, which could pass for a line of ours. */
export function printableName(text: string): string {
  return text.replace(inName, visible)
}

/** JSON in which such characters are escaped where JSON.stringify leaves them as they are. What it says is the same. */
export function printableJson(json: string): string {
  return json.replace(inJson, (character) => `\\u${hex(character, 4)}`)
}

function visible(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  return character.charCodeAt(0) < 256 ? `\\x${hex(character, 2)}` : `\\u${hex(character, 4)}`
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0')
}
