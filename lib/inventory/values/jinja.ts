/** The part of a Jinja expression that is understood: names, what is inside them, and `default`. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'inside'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'default'; readonly of: Expression; readonly otherwise: Expression; readonly alsoIfEmpty: boolean }

export type Template = { readonly parts: readonly (string | Expression)[] } | { readonly unsupported: string }

const token = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(.))/sy
const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
}

/** Whether Jinja would do anything with this text. */
export function isTemplate(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text)
}

/**
 * A text with `{{ … }}` in it, taken apart. Only references are understood: `{{ a.b['c'][0] }}`, with `| default(…)` behind.
 *
 * @example
 * parseTemplate('http://{{ host }}/') // { parts: ['http://', { kind: 'name', name: 'host' }, '/'] }
 */
export function parseTemplate(text: string): Template {
  if (/\{%|\{#/.test(text)) return { unsupported: 'statements and comments ({% … %}, {# … #})' }
  const parts: (string | Expression)[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf('{{', at)
    if (open > at || (open < 0 && at < text.length)) parts.push(text.slice(at, open < 0 ? undefined : open))
    if (open < 0) return { parts }
    const reader = new ExpressionReader(text, open + 2)
    const expression = reader.whole()
    if (expression === undefined) return { unsupported: `"${snippet(text, open)}"` }
    parts.push(expression)
    at = reader.at
  }
}

function snippet(text: string, open: number): string {
  const close = text.indexOf('}}', open)
  return close < 0 ? text.slice(open) : text.slice(open, close + 2)
}

class ExpressionReader {
  readonly #text: string
  at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  /** The expression up to and with the closing braces; undefined where it is more than a reference. */
  whole(): Expression | undefined {
    let expression = this.#reference()
    while (expression !== undefined && this.#take('|')) expression = this.#default(expression)
    return expression !== undefined && this.#take('}') && this.#text[this.at++] === '}' ? expression : undefined
  }

  #reference(): Expression | undefined {
    let expression = this.#atom()
    while (expression !== undefined) {
      if (this.#take('.')) {
        const found = this.#token()
        const value = found?.[1] ?? (found?.[2] === undefined ? undefined : Number(found[2]))
        if (value === undefined) return undefined
        expression = { kind: 'inside', of: expression, key: { kind: 'constant', value } }
      } else if (this.#take('[')) {
        const key = this.#reference()
        if (key === undefined || !this.#take(']')) return undefined
        expression = { kind: 'inside', of: expression, key }
      } else return expression
    }
    return undefined
  }

  #atom(): Expression | undefined {
    const [, name, digits, quoted, other] = this.#token() ?? []
    if (name !== undefined) {
      const constant = constants[name]
      return constant === undefined ? { kind: 'name', name } : { kind: 'constant', value: constant }
    }
    if (digits !== undefined) return { kind: 'constant', value: Number(digits) }
    if (quoted !== undefined) return { kind: 'constant', value: quoted.slice(1, -1).replaceAll(/\\(['"\\])/g, '$1') }
    if (other !== '-') return undefined
    const negative = this.#token()?.[2]
    return negative === undefined ? undefined : { kind: 'constant', value: -Number(negative) }
  }

  #default(of: Expression): Expression | undefined {
    const filter = this.#token()?.[1]
    if (filter !== 'default' && filter !== 'd') return undefined
    let otherwise: Expression = { kind: 'constant', value: '' }
    let alsoIfEmpty = false
    if (this.#take('(') && !this.#take(')')) {
      const given = this.#reference()
      if (given === undefined) return undefined
      otherwise = given
      if (this.#take(',')) {
        const flag = this.#flag()
        if (flag === undefined) return undefined
        alsoIfEmpty = flag
      }
      if (!this.#take(')')) return undefined
    }
    return { kind: 'default', of, otherwise, alsoIfEmpty }
  }

  /** The second argument of `default`, by place or by its name. */
  #flag(): boolean | undefined {
    const start = this.at
    if (this.#token()?.[1] !== 'boolean' || !this.#take('=')) this.at = start
    const word = this.#token()?.[1]
    const value = word === undefined ? undefined : constants[word]
    return typeof value === 'boolean' ? value : undefined
  }

  #token(): RegExpExecArray | undefined {
    token.lastIndex = this.at
    const found = token.exec(this.#text)
    if (found === null) return undefined
    this.at = token.lastIndex
    return found
  }

  #take(char: string): boolean {
    const start = this.at
    if (this.#token()?.[4] === char) return true
    this.at = start
    return false
  }
}
