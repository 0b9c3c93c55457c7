import { isUtf8 } from '../files/content.ts'
import { expand } from './expand.ts'
import { asBytes, pattern } from './pattern.ts'

/** What to replace, and where. */
export interface ReplaceParams {
  /** The regular expression. */
  readonly regexp: string
  /** What comes in place of a match, with `\1` for groups. */
  readonly replace: string
  /** Only behind a match of this. */
  readonly after?: string | undefined
  /** Only before a match of this. */
  readonly before?: string | undefined
}

/** A file's content with matches replaced. */
export interface ReplaceEdit {
  /** The new content. */
  readonly content: Buffer
  /** How many matches were replaced. */
  readonly count: number
  /** `after` and `before` enclose nothing in this file. */
  readonly noSection?: boolean
}

/** A file with every match replaced, in all of it or between two patterns. What is no UTF-8 is handled byte by byte. */
export function withReplacements(content: Buffer, params: ReplaceParams): ReplaceEdit {
  const characters = isUtf8(content)
  const [kind, encoding] = characters ? (['characters', 'utf8'] as const) : (['bytes', 'latin1'] as const)
  const text = content.toString(encoding)
  const section = sectionOf(text, params, kind)
  if (section === undefined) return { content, count: 0, noSection: true }
  const [from, to] = section
  const replacement = characters ? params.replace : asBytes(params.replace)
  const expression = pattern(params.regexp, { text: kind, multiline: true }, 'g')
  const matches = [...text.slice(from, to).matchAll(expression)]
  const changed = replaced(text.slice(from, to), matches, replacement)
  return changed === text.slice(from, to)
    ? { content, count: 0 }
    : { content: Buffer.from(text.slice(0, from) + changed + text.slice(to), encoding), count: matches.length }
}

function replaced(text: string, matches: readonly RegExpExecArray[], replacement: string): string {
  let [out, at] = ['', 0]
  for (const match of matches) {
    out += text.slice(at, match.index) + expand(replacement, match)
    at = match.index + match[0].length
  }
  return out + text.slice(at)
}

/** Where the part between `after` and `before` begins and ends. */
function sectionOf(
  text: string,
  { after, before }: ReplaceParams,
  kind: 'characters' | 'bytes',
): readonly [number, number] | undefined {
  if (after === undefined && before === undefined) return [0, text.length]
  const inner = after === undefined || before === undefined ? '.*' : '.*?'
  const source = `${whole(after)}(?P<subsection>${inner})${whole(before)}`
  return pattern(source, { text: kind, dotAll: true }, 'd').exec(text)?.indices?.groups?.['subsection']
}

/** Alternatives belong together; unbracketed, one of them would leave the section out. */
function whole(source: string | undefined): string {
  return source?.includes('|') === true && !source.startsWith('(?') ? `(?:${source})` : (source ?? '')
}
