import { createHash } from 'node:crypto'
import { hashedHostName, isHashOf, parseHostKey, type HostKey } from '../../known-hosts-line.ts'
import { bytesOf, linesOf, type Line } from '../text/lines.ts'

export { parseHostKey, type HostKey }

export function showHostKey({ marker, names, type, key, comment }: HostKey): string {
  return [marker, names.join(','), type, key, comment].filter((part) => part !== undefined && part !== '').join(' ')
}

/** Does this entry of a name list stand for the host, plain or hashed? */
export function isNamed(entry: string, name: string): boolean {
  return entry.startsWith('|1|') ? isHashOf(entry, name) : entry.toLowerCase() === name.toLowerCase()
}

/**
 * A name nobody can read from the file. The salt is made of name and key instead of chance, so that a run does what its prediction showed; it is as unique as
 * one by chance.
 */
export function hashedName(name: string, key: string): string {
  return hashedHostName(name, createHash('sha1').update(`${name.toLowerCase()} ${key}`).digest('base64'))
}

/** The file with these keys known for the host. Other names on a line that has to go stay known by it. */
export function withHostKeys(content: Buffer, name: string, wanted: readonly HostKey[], hash: boolean): Buffer {
  return wanted.reduce((file, key) => withHostKey(file, hash ? { ...key, names: [name] } : key, name, hash), content)
}

function withHostKey(content: Buffer, wanted: HostKey, name: string, hash: boolean): Buffer {
  const lines = linesOf(content)
  // A hashed name of the wanted line is the host itself: the caller has checked that.
  const names = wanted.names.map((one) => (one.startsWith('|') ? name : one))
  const missing = names.filter((one) => !lines.some((line) => isKnown(parseHostKey(line.text), one, wanted, hash)))
  if (missing.length === 0) return content
  const kept = lines.flatMap((line) => {
    const found = parseHostKey(line.text)
    return found === undefined || found.marker !== wanted.marker || found.type !== wanted.type
      ? [line]
      : withoutNames(line, found, missing)
  })
  const shown = missing.map((one) => (hash ? hashedName(one, wanted.key) : one))
  return withLast(
    kept,
    showHostKey({ ...wanted, names: missing.length === names.length && !hash ? wanted.names : shown }),
  )
}

function isKnown(found: HostKey | undefined, name: string, wanted: HostKey, hash: boolean): boolean {
  return (
    found !== undefined &&
    found.marker === wanted.marker &&
    found.type === wanted.type &&
    found.key === wanted.key &&
    found.names.some((entry) => isNamed(entry, name) && entry.startsWith('|') === (hash || isHashed(wanted)))
  )
}

function isHashed({ names }: HostKey): boolean {
  return names.some((name) => name.startsWith('|'))
}

/** The file without the host, or without these keys of it. Other names stay known. */
export function withoutHost(content: Buffer, name: string, keys: readonly HostKey[]): Buffer {
  const kept = linesOf(content).flatMap((line) => {
    const found = parseHostKey(line.text)
    const concerned =
      found !== undefined && (keys.length === 0 || keys.some((key) => key.type === found.type && key.key === found.key))
    return concerned ? withoutNames(line, found, [name]) : [line]
  })
  return bytesOf(kept)
}

function withoutNames(line: Line, found: HostKey, names: readonly string[]): readonly Line[] {
  const left = found.names.filter((entry) => !names.some((name) => isNamed(entry, name)))
  if (left.length === found.names.length) return [line]
  return left.length === 0 ? [] : [{ ...line, text: showHostKey({ ...found, names: left }) }]
}

/** The lines with one more behind the last. */
export function withLast(lines: readonly Line[], text: string): Buffer {
  const closed = lines.map((line): Line => (line.end === '' ? { ...line, end: '\n' } : line))
  return bytesOf([...closed, { text, end: '\n' }])
}
