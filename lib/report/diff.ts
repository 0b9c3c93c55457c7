import type * as Diff from 'diff'
import { createRequire } from 'node:module'
import { printableName } from '../printable.ts'
import type { DiffReport } from '../events/event.ts'
import { plainValue } from './json-text.ts'
import { piece, type Piece, type Style } from './paint.ts'

/** Loaded when the first text diff is shown: most runs show none. */
const library = () => createRequire(import.meta.url)('diff') as typeof Diff

/** A diff may cost this long before it gives way to a note; two unrelated large files would take minutes. */
const patience = { timeout: 500, maxEditLength: 20_000 }

/** A diff as Ansible shows it: unified, with a blank line behind; attributes as the lines that differ. */
export function diffPieces(diff: DiffReport): readonly Piece[] {
  const { of, before, after } = diff
  const body =
    typeof before === 'string' && typeof after === 'string' ? textBody(before, after) : attributeBody(before, after)
  const lines = [`--- before: ${printableName(of)}`, `+++ after: ${printableName(of)}`, ...body]
  return [...lines.map((line) => piece(styleOf(line), `${line}\n`)), piece('plain', '\n')]
}

function styleOf(line: string): Style {
  if (line.startsWith('+')) return 'added'
  if (line.startsWith('-')) return 'removed'
  return line.startsWith('@@') ? 'skipped' : 'plain'
}

function textBody(before: string, after: string): readonly string[] {
  if (before === after) return ['(the difference is in what is masked)']
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = library()
  const patch = createTwoFilesPatch('', '', before, after, '', '', {
    ...patience,
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  }) as string | undefined
  if (patch === undefined) return [`(too different to show: ${countLines(before)} before, ${countLines(after)} after)`]
  // A range of one line has no length, as other diff programs write it.
  const lines = patch.split('\n').map((line) => (line.startsWith('@@') ? line.replaceAll(',1 ', ' ') : line))
  const start = lines.findIndex((line) => line.startsWith('@@'))
  return start < 0 ? [] : lines.slice(start, lines.at(-1) === '' ? -1 : undefined)
}

function countLines(text: string): string {
  const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return `${count} ${count === 1 ? 'line' : 'lines'}`
}

/** Attributes that are not there on one side have no line there. */
function attributeBody(before: DiffReport['before'], after: DiffReport['after']): readonly string[] {
  const [old, wanted] = [attributes(before), attributes(after)]
  const lines = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].flatMap((name) => {
    const [from, to] = [attributeLine(name, old[name]), attributeLine(name, wanted[name])]
    if (from === to) return []
    return [...(from === undefined ? [] : [`-${from}`]), ...(to === undefined ? [] : [`+${to}`])]
  })
  return lines.length > 0 ? lines : ['(the difference is in what is masked)']
}

function attributeLine(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  const text = plainValue(value)
  return `${name}: ${text.includes('\n') ? JSON.stringify(value) : text}`
}

/** Text against attributes: one side does not exist, and is told so by an empty text. */
function attributes(side: DiffReport['before']): Readonly<Record<string, unknown>> {
  if (typeof side !== 'string') return side
  return side === '' ? {} : { content: side }
}
