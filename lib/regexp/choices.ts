/** An upper bound of a search's work: `2 ** bits * (characters + 1) ** degree` ways to match from each position. */
export interface Choices {
  /** The number of unlimited repetitions; infinite if one is nested in another. */
  readonly degree: number
  readonly bits: number
}

const one: Choices = { degree: 0, bits: 0 }
const reference: Choices = { degree: 1, bits: 0 }

/**
 * An upper bound of the backtracking of an expression, from its shape alone. It is infinite for shapes that are not simple, although their search may be quick.
 */
export function choicesOf(source: string): Choices {
  let at = 0
  return alternatives()

  function alternatives(): Choices {
    const all = [sequence()]
    while (source[at] === '|') {
      at += 1
      all.push(sequence())
    }
    return {
      degree: Math.max(...all.map((each) => each.degree)),
      bits: Math.max(...all.map((each) => each.bits)) + Math.log2(all.length),
    }
  }

  function sequence(): Choices {
    let whole = one
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const next = repeated(atom())
      whole = { degree: whole.degree + next.degree, bits: whole.bits + next.bits }
    }
    return whole
  }

  function atom(): Choices {
    if (taken(/\((?:\?(?:[:=!]|<[=!]|<\w+>))?/y) !== undefined) {
      const inner = alternatives()
      at += 1
      return inner
    }
    // A back reference is compared character by character.
    if (taken(/\\(?:[1-9]\d*|k<\w+>)/y) !== undefined) return reference
    taken(/\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/uy)
    return one
  }

  function repeated(body: Choices): Choices {
    const [sign, from = '', to] = taken(/(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??/y) ?? []
    if (sign === undefined) return body
    if (sign.startsWith('?')) return { degree: body.degree, bits: body.bits + 1 }
    const most = to === undefined ? Number(from || Infinity) : to === '' ? Infinity : Number(to)
    const plain = body.degree === 0 && body.bits === 0
    if (most === Infinity) return plain ? { degree: 1, bits: 0 } : { degree: Infinity, bits: 0 }
    return { degree: body.degree * most, bits: body.bits * most + Math.log2(most - Number(from) + 1) }
  }

  function taken(what: RegExp): RegExpExecArray | undefined {
    what.lastIndex = at
    const found = what.exec(source)
    if (found === null) return undefined
    at = what.lastIndex
    return found
  }
}
