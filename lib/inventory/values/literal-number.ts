const digits = '[0-9](?:_?[0-9])*'
const exponent = `[eE][+-]?${digits}`
const float = new RegExp(`(?:(?:(?:${digits})?\\.${digits}|${digits}\\.)(?:${exponent})?|${digits}${exponent})`, 'y')
const integer = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?[0-9])*/y
/** What may not follow a number directly: a letter or digit makes it another token, as in `0123` or `1j`. */
const glued = /[\p{L}\p{N}_.]/uy

/** Python's number literal at this position; an integer too large for a number comes as its digits. */
export function readNumber(text: string, at: number): { value: number | string; end: number } | undefined {
  const isFloat = matchAt(float, text, at)
  const source = isFloat ?? matchAt(integer, text, at)
  if (source === undefined) return undefined
  const end = at + source.length
  if (matchAt(glued, text, end) !== undefined) return undefined
  const plain = source.replaceAll('_', '')
  const value = isFloat === undefined ? integerValue(plain) : Number(plain)
  return value === Infinity ? undefined : { value, end }
}

/** An integer exactly: a number where one can hold it, its digits otherwise. */
export function integerValue(source: string): number | string {
  const value = Number(source)
  return Number.isSafeInteger(value) ? value : BigInt(source).toString()
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
