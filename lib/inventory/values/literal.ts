import { readNumber } from './literal-number.ts'
import { readString } from './literal-string.ts'
import type { Value } from './value.ts'

/** Deeper nesting is refused by Python too. */
const deepest = 199

/**
 * A value of an INI inventory: what Python's literal syntax makes of the text, or the text itself where it is no literal.
 *
 * Integers beyond 2^53 stay text, digit by digit, because a number would lose their tail; so do complex numbers and infinities.
 *
 * @example
 * parseLiteral('8080')       // 8080
 * parseLiteral("['a', 'b']") // ['a', 'b']
 * parseLiteral('yes')        // 'yes'
 */
export function parseLiteral(text: string): Value {
  return new LiteralReader(text).read()
}

/** Thrown inside this file only: the text is no literal. */
class NoLiteral extends Error {}

class LiteralReader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Value {
    try {
      const value = this.#list(() => this.#ended())
      if (!this.#ended()) throw new NoLiteral()
      return value
    } catch (thrown) {
      if (thrown instanceof NoLiteral) return this.#text
      throw thrown
    }
  }

  /** One value, or several with commas between: a tuple, which becomes a list. */
  #list(atEnd: () => boolean): Value {
    const first = this.#value()
    if (!this.#take(',')) return first
    const items = [first]
    while (!atEnd()) {
      items.push(this.#value())
      if (!this.#take(',')) break
    }
    return items
  }

  #value(): Value {
    this.#blanks()
    const char = this.#text[this.#at]
    if (char === undefined) throw new NoLiteral()
    if (char === '(') return this.#nested(() => this.#parenthesised())
    if (char === '[') return this.#nested(() => this.#bracketed())
    if (char === '{') return this.#nested(() => this.#braced())
    if (char === '-' || char === '+') return this.#signed(char)
    return this.#string() ?? this.#number() ?? this.#word()
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > deepest) throw new NoLiteral()
    this.#at += 1
    const value = read()
    this.#depth -= 1
    return value
  }

  #parenthesised(): Value {
    if (this.#take(')')) return []
    const value = this.#list(() => this.#next(')'))
    this.#expect(')')
    return value
  }

  #bracketed(): Value {
    const items: Value[] = []
    while (!this.#take(']')) {
      items.push(this.#value())
      if (!this.#take(',')) {
        this.#expect(']')
        break
      }
    }
    return items
  }

  /** A dictionary, or a set, which becomes a list. */
  #braced(): Value {
    if (this.#take('}')) return {}
    const first = this.#value()
    const entries: [string, Value][] = []
    const items: Value[] = []
    const isSet = !this.#take(':')
    if (isSet) items.push(hashable(first))
    else entries.push([keyText(first), this.#value()])
    while (this.#take(',') && !this.#next('}')) {
      const next = this.#value()
      if (isSet) items.push(hashable(next))
      else {
        this.#expect(':')
        entries.push([keyText(next), this.#value()])
      }
    }
    this.#expect('}')
    return isSet ? [...new Set(items)] : Object.fromEntries(entries)
  }

  #signed(sign: string): Value {
    this.#at += 1
    const value = this.#unsigned()
    if (sign === '+') return value
    if (typeof value === 'string') return `-${value}`
    return value === 0 ? 0 : -value
  }

  #unsigned(): number | string {
    this.#blanks()
    if (this.#text[this.#at] === '(')
      return this.#nested(() => {
        const value = this.#unsigned()
        this.#expect(')')
        return value
      })
    const value = this.#number()
    if (value === undefined) throw new NoLiteral()
    return value
  }

  #number(): number | string | undefined {
    const found = readNumber(this.#text, this.#at)
    if (found === undefined) return undefined
    this.#at = found.end
    return found.value
  }

  /** String literals standing side by side are one, as in Python; bytes do not mix with text. */
  #string(): string | undefined {
    let whole: string | undefined
    let bytes: boolean | undefined
    for (;;) {
      this.#blanks()
      const found = readString(this.#text, this.#at)
      if (found === 'bad') throw new NoLiteral()
      if (found === undefined) return whole
      if (bytes !== undefined && bytes !== found.bytes) throw new NoLiteral()
      bytes = found.bytes
      whole = (whole ?? '') + found.value
      this.#at = found.end
    }
  }

  #word(): Value {
    const word = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(this.#text.slice(this.#at))?.[0]
    if (word === undefined) throw new NoLiteral()
    this.#at += word.length
    if (word === 'True') return true
    if (word === 'False') return false
    if (word === 'None') return null
    if (word === 'set' && this.#take('(') && this.#take(')')) return []
    throw new NoLiteral()
  }

  #blanks(): void {
    while (' \t\f'.includes(this.#text[this.#at] ?? '.')) this.#at += 1
  }

  #next(char: string): boolean {
    this.#blanks()
    return this.#text[this.#at] === char
  }

  #take(char: string): boolean {
    if (!this.#next(char)) return false
    this.#at += 1
    return true
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw new NoLiteral()
  }

  /** A comment after a literal is Python's, and is dropped with it. */
  #ended(): boolean {
    this.#blanks()
    return this.#at >= this.#text.length || this.#text[this.#at] === '#'
  }
}

/** A dictionary's key the way JSON writes it. */
function keyText(key: Value): string {
  return String(hashable(key))
}

function hashable(value: Value): Exclude<Value, object> | null {
  if (value !== null && typeof value === 'object') throw new NoLiteral()
  return value
}
