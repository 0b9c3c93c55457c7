import { expand } from './expand.ts'
import { bytesOf, endingOf, linesOf, matched, withInserted, type Line } from './lines.ts'
import { asBytes, pattern } from './pattern.ts'

/** A line, and which one it replaces. */
export interface LineParams {
  /** The line. */
  readonly line?: string | undefined
  /** The line that is to become this one. */
  readonly regexp?: string | undefined
  /** The same, as text anywhere in the line. */
  readonly search_string?: string | undefined
  /** A regular expression, `EOF` or `BOF`: where a new line goes. */
  readonly insertafter?: string | undefined
  /** A regular expression or `BOF`: before which line it goes. */
  readonly insertbefore?: string | undefined
  /** Whether groups of `regexp` are filled into `line`. */
  readonly backrefs?: boolean
  /** Whether the first match counts instead of the last. */
  readonly firstmatch?: boolean
}

/** A file's content with a line changed. */
export interface LineEdit {
  /** The new content. */
  readonly content: Buffer
  /** What Ansible says of it. */
  readonly msg: '' | 'line added' | 'line replaced'
}

/** A file in which the line is: put where the pattern matches, left where it stands, or inserted. */
export function withLine(content: Buffer, params: LineParams): LineEdit {
  const lines = linesOf(content)
  const wanted = asBytes(params.line ?? '')
  const found = lastOrFirst(lines, searchFor(params), params.firstmatch)
  if (found !== undefined) {
    const text = params.backrefs === true && found.match !== undefined ? expand(wanted, found.match) : wanted
    return replaced(content, lines, found.index, text)
  }
  const { standing, index } = placeFor(lines, wanted, params)
  if (standing !== undefined) return replaced(content, lines, standing, wanted)
  if (params.backrefs === true) return { content, msg: '' }
  // With firstmatch the line may stand further down; just behind the place counts.
  if (params.insertafter !== undefined && lines[index]?.text === wanted) return { content, msg: '' }
  return { content: bytesOf(withInserted(lines, index, { text: wanted, end: endingOf(lines) })), msg: 'line added' }
}

/** A file without the lines that match, or that are the line; and how many those were. */
export function withoutLine(content: Buffer, params: LineParams): { readonly content: Buffer; readonly found: number } {
  const lines = linesOf(content)
  const wanted = asBytes(params.line ?? '')
  const search = searchFor(params) ?? ((line: Line) => (line.text === wanted ? true : undefined))
  const kept = lines.filter((line) => search(line) === undefined)
  return kept.length === lines.length
    ? { content, found: 0 }
    : { content: bytesOf(kept), found: lines.length - kept.length }
}

type Search = (line: Line) => RegExpExecArray | true | undefined

function searchFor({ regexp, search_string, backrefs }: LineParams): Search | undefined {
  if (regexp !== undefined) return (backrefs === true ? undefined : beginning(regexp)) ?? matches(regexp)
  if (search_string === undefined) return undefined
  const part = asBytes(search_string)
  return (line) => (matched(line).includes(part) ? true : undefined)
}

/** What a pattern searches that only says how a line begins: a hundred of them are compiled in the time that a file takes to travel. */
function beginning(source: string): Search | undefined {
  const [, text] = /^\^([\w #%&=:;,!@<>"'/~-]*)$/.exec(source) ?? []
  return text === undefined ? undefined : (line) => (line.text.startsWith(text) ? true : undefined)
}

function matches(source: string): Search {
  const expression = pattern(source, { text: 'bytes' })
  return (line) => expression.exec(matched(line)) ?? undefined
}

function lastOrFirst(lines: readonly Line[], search: Search | undefined, first: boolean | undefined) {
  let found: { readonly index: number; readonly match?: RegExpExecArray } | undefined
  for (const [index, line] of lines.entries()) {
    const match = search?.(line)
    if (match === undefined) continue
    found = { index, ...(match === true ? {} : { match }) }
    if (first === true) break
  }
  return found
}

function replaced(content: Buffer, lines: readonly Line[], index: number, text: string): LineEdit {
  const old = lines[index]
  // A line that ends without a newline gets one, as Ansible does it.
  const end = old === undefined || old.end === '' ? endingOf(lines) : old.end
  if (old?.text === text && old.end === end) return { content, msg: '' }
  const wanted: Line = text.endsWith('\n') ? { text: text.slice(0, -1), end } : { text, end }
  if (old?.text === wanted.text && old.end === end) return { content, msg: '' }
  return { content: bytesOf(lines.with(index, wanted)), msg: 'line replaced' }
}

/** Where the line stands already, and where it goes if it does not: where insertafter or insertbefore says, or to the end. */
function placeFor(lines: readonly Line[], wanted: string, params: LineParams) {
  const { insertafter, insertbefore, firstmatch } = params
  const source = insertafter ?? insertbefore
  const search = source === undefined || ['BOF', 'EOF'].includes(source) ? undefined : matches(source)
  let standing: number | undefined
  let index = insertafter === 'BOF' || insertbefore === 'BOF' ? 0 : lines.length
  for (const [at, line] of lines.entries()) {
    if (line.text === wanted) standing = at
    else if (search?.(line) !== undefined) {
      index = insertafter === undefined ? at : at + 1
      if (firstmatch === true) break
    }
  }
  return { standing, index }
}
