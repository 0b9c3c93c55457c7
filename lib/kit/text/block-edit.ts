import { bytesOf, endingOf, linesOf, matched, withInserted, type Line } from './lines.ts'
import { asBytes, isMultiline, pattern } from './pattern.ts'

/** A block of lines between two markers. */
export interface BlockParams {
  /** No block takes it away. */
  readonly block?: string | undefined
  /** The line around the block; `{mark}` is replaced by the next two. */
  readonly marker: string
  /** The word of the first marker. */
  readonly marker_begin: string
  /** The word of the last marker. */
  readonly marker_end: string
  /** A regular expression or `EOF`: where a new block goes. */
  readonly insertafter?: string | undefined
  /** A regular expression or `BOF`: before which line it goes. */
  readonly insertbefore?: string | undefined
  /** Whether an empty line follows. */
  readonly append_newline?: boolean
  /** Whether an empty line precedes. */
  readonly prepend_newline?: boolean
}

/** A file with these lines between its markers: where the markers are, or at the place that is asked for. Without a block, without the markers too. */
export function withBlock(content: Buffer, params: BlockParams): Buffer {
  const lines = linesOf(content)
  const end = endingOf(lines)
  const [first, last] = [params.marker_begin, params.marker_end].map((mark) =>
    asBytes(params.marker.replaceAll('{mark}', () => mark)),
  )
  const at = blockIn(lines, first ?? '', last ?? '')
  const rest = at === undefined ? lines : [...lines.slice(0, at[0]), ...lines.slice(at[1] + 1)]
  if (params.block === undefined || params.block === '')
    return at === undefined ? content : withBlock(bytesOf(rest), params)

  const inside = asBytes(params.block)
    .replace(/\n$/, '')
    .split('\n')
    .map((text): Line => ({ text: text.replace(/\r$/, ''), end }))
  const block: readonly Line[] = [{ text: first ?? '', end }, ...inside, { text: last ?? '', end }]
  return bytesOf(withNeighbours(rest, at?.[0] ?? placeFor(content, rest, params), block, params))
}

/**
 * Where the block is: the last begin marker with an end marker behind it, whatever the markers end with (an editor may have left a blank, or no newline at the
 * end of the file). A marker alone encloses nothing, so that nothing of the user's is taken for the block.
 */
function blockIn(lines: readonly Line[], first: string, last: string): readonly [number, number] | undefined {
  const isMarker = (marker: string) => (line: Line | undefined) => line?.text.trimEnd() === marker.trimEnd()
  for (let from = lines.length - 1; from >= 0; from--) {
    if (!isMarker(first)(lines[from])) continue
    const length = lines.slice(from).findIndex(isMarker(last))
    if (length > 0) return [from, from + length]
  }
  return undefined
}

function placeFor(content: Buffer, lines: readonly Line[], { insertafter, insertbefore }: BlockParams): number {
  if (insertbefore === 'BOF') return 0
  const source = insertafter ?? insertbefore
  if (source === undefined || source === 'EOF') return lines.length
  const offset = insertafter === undefined ? 0 : 1
  const expression = pattern(source, { text: 'bytes' })
  if (isMultiline(source)) {
    const match = expression.exec(content.toString('latin1'))
    if (match === null) return lines.length
    const until = insertafter === undefined ? match.index : match.index + match[0].length
    return Math.min(content.subarray(0, until).toString('latin1').split('\n').length - 1 + offset, lines.length)
  }
  const found = lines.findLastIndex((line) => expression.test(matched(line)))
  return found < 0 ? lines.length : found + offset
}

/** Sets the block apart by an empty line on either side where that is asked for. */
function withNeighbours(
  lines: readonly Line[],
  index: number,
  block: readonly Line[],
  { append_newline, prepend_newline }: BlockParams,
): readonly Line[] {
  const empty: Line = { text: '', end: block[0]?.end ?? '\n' }
  const [before, after] = [lines[index - 1], lines[index]]
  return withInserted(
    lines,
    index,
    ...(prepend_newline === true && before !== undefined && before.text !== '' ? [empty] : []),
    ...block,
    ...(append_newline === true && after !== undefined && after.text !== '' ? [empty] : []),
  )
}
