import { choicesOf, type Choices } from './choices.ts'
import { searchInTime } from './in-time.ts'

/** A regular expression that a user wrote. Every search with it (`test`, `match`, `matchAll`, `replace`) has the time limit of {@link inTime}. */
export class TimedRegExp extends RegExp {
  /** The expression as the user wrote it, before translation. */
  readonly written: string
  readonly #choices: Choices

  constructor(source: string | RegExp, flags?: string, written?: string) {
    super(source, flags)
    this.written = written ?? (source instanceof TimedRegExp ? source.written : this.source)
    this.#choices = source instanceof TimedRegExp ? source.#choices : choicesOf(this.source)
  }

  override exec(text: string): RegExpExecArray | null {
    const characters = text.length - (this.global || this.sticky ? this.lastIndex : 0)
    const { degree, bits } = this.#choices
    const steps = 2 ** bits * (characters + 1) ** (degree + 1) * this.source.length
    return searchInTime({ written: this.written, characters, steps }, () => super.exec(text))
  }
}
