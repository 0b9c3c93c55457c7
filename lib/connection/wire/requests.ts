import { HostwrightError } from '../../error.ts'
import { quote, type Script } from '../../quote.ts'
import { longestReadText } from './loop.ts'

/** One request as it is sent. */
export interface Request {
  readonly script: Script
  readonly input: Buffer
}

/** Requests that are sent together, numbered from `first`, and whose outputs come back together, each ended by the mark. */
export interface Group {
  readonly first: number
  readonly size: number
  /** Random: nobody can guess it, so no output holds it. */
  readonly mark: string
}

/** A script as counted lines; what `read -r` on the host puts together again. */
export function scriptLines(script: Script): { readonly count: number; readonly text: string } {
  refuseNul(script)
  const text = ended(script)
  return { count: text.split('\n').length - 1, text }
}

/** A group as the bytes the loop reads. Large inputs stay pieces of their own, so that nothing is copied twice. */
export function encodeGroup({ first, mark }: Group, requests: readonly Request[]): readonly Buffer[] {
  const text = requests
    .map(({ script, input }) => `${input.length > 0 ? `_hn ${input.length}\n` : ''}_hr ${quote(ended(script))}\n`)
    .join('')
  const bytes = Buffer.byteLength(text)
  const asFile = bytes > longestReadText
  const count = asFile ? `0 ${bytes}` : `${text.split('\n').length - 1} 0`
  const inputs = requests.flatMap(({ input }) => (input.length > 0 ? [input, Buffer.from('.\n')] : []))
  return [Buffer.from(`${first} ${count}\n${text}${first}\n`), ...inputs, Buffer.from(`${mark}\n`)]
}

/** Joins what fits in one write and leaves large pieces alone. */
export function joinSmall(pieces: readonly Buffer[], limit = 65_536): readonly Buffer[] {
  const joined: Buffer[] = []
  let small: Buffer[] = []
  const flush = () => {
    if (small.length > 0) joined.push(Buffer.concat(small))
    small = []
  }
  for (const piece of pieces)
    if (piece.length <= limit) small.push(piece)
    else {
      flush()
      joined.push(piece)
    }
  flush()
  return joined
}

export function refuseNul(script: Script): void {
  if (script.text.includes('\0'))
    throw new HostwrightError('a script cannot hold a NUL byte', {
      kind: 'input',
      next: 'send binary data as the input of the script',
    })
}

function ended({ text }: Script): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
