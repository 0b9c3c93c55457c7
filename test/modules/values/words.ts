/** One word of a shell script as the shell takes it, or an operator between words. */
export interface Token {
  readonly kind: 'word' | 'operator' | 'document'
  readonly text: string
}

/** Parts the words of a substitution from each other and from what is around them. */
export const wordEnd = '\u{F0001}'

const blank = /[ \t]/
const operator = /^(?:\n|&&|\|\||;;|<<-?|>>|[;&|()<>])/

/** A script read as POSIX sh reads it: quotes are taken away, comments too; what a substitution holds stays as it is written. */
export function shellWords(script: string): readonly Token[] {
  const found = known.get(script) ?? read(script)
  if (known.size > 5000) known.clear()
  known.set(script, found)
  return found
}

const known = new Map<string, readonly Token[]>()

function read(script: string): readonly Token[] {
  const tokens: Token[] = []
  const documents: string[] = []
  let at = 0
  let word: string | undefined

  const end = () => {
    if (word === undefined) return
    if (tokens.at(-1)?.text.startsWith('<<') === true && tokens.at(-1)?.kind === 'operator') documents.push(word)
    tokens.push({ kind: 'word', text: word })
    word = undefined
  }
  while (at < script.length) {
    const char = script[at] ?? ''
    const found = operator.exec(script.slice(at, at + 3))?.[0]
    if (found !== undefined) {
      end()
      tokens.push({ kind: 'operator', text: found })
      at += found.length
      if (found === '\n') for (const name of documents.splice(0)) at = readDocument(script, at, name, tokens)
    } else if (blank.test(char)) {
      end()
      at += 1
    } else if (char === '#' && word === undefined) {
      const line = script.indexOf('\n', at)
      at = line < 0 ? script.length : line
    } else {
      const piece = pieceAt(script, at)
      word = (word ?? '') + piece.text
      at = piece.end
    }
  }
  end()
  return tokens
}

function readDocument(script: string, at: number, name: string, tokens: Token[]): number {
  const stop = new RegExp(`^${name.replace(/[^\w]/g, '\\$&')}$`, 'm')
  const found = stop.exec(script.slice(at))
  const end = found === null ? script.length : at + found.index
  tokens.push({ kind: 'document', text: script.slice(at, end) })
  return end + (found?.[0].length ?? 0)
}

interface Piece {
  readonly text: string
  readonly end: number
}

/** One quoted string, one substitution, one escaped letter or one letter. */
function pieceAt(script: string, at: number): Piece {
  const char = script[at] ?? ''
  if (char === "'") {
    const end = script.indexOf("'", at + 1)
    return end < 0 ? { text: script.slice(at), end: script.length } : { text: script.slice(at + 1, end), end: end + 1 }
  }
  if (char === '\\') return { text: script[at + 1] === '\n' ? '' : (script[at + 1] ?? ''), end: at + 2 }
  if (char === '"') return doubleQuoted(script, at + 1)
  if (char === '$' && /[({]/.test(script[at + 1] ?? '')) return substitution(script, at)
  return { text: char, end: at + 1 }
}

function doubleQuoted(script: string, from: number): Piece {
  let text = ''
  let at = from
  while (at < script.length && script[at] !== '"') {
    const char = script[at] ?? ''
    if (char === '\\' && /["\\$`\n]/.test(script[at + 1] ?? '')) {
      text += script[at + 1] ?? ''
      at += 2
    } else if (char === '$' && /[({]/.test(script[at + 1] ?? '')) {
      const inner = substitution(script, at)
      text += inner.text
      at = inner.end
    } else {
      text += char
      at += 1
    }
  }
  return { text, end: at + 1 }
}

/** `$(…)`, `${…}` or `$((…))`; the words in it are read again, so that quotes are gone there too. */
function substitution(script: string, from: number): Piece {
  const close = script[from + 1] === '(' ? ')' : '}'
  const open = script[from + 1] ?? ''
  let depth = 1
  let at = from + 2
  while (at < script.length && depth > 0) {
    const char = script[at] ?? ''
    if (char === open) depth += 1
    if (char === close) depth -= 1
    if (char === "'" || char === '"' || char === '\\') at = pieceAt(script, at).end
    else at += 1
  }
  const inner = script.slice(from + 2, at - 1)
  const read = close === ')' ? shellWords(inner).map(({ text }) => text) : [inner]
  return { text: ['$' + open, ...read, close].join(wordEnd), end: at }
}
