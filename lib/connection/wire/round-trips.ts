/** Counts the round trips of a connection: how many requests had to wait for the answer to an earlier one, plus the first. */
export class RoundTrips {
  #answered = 0
  #asked = 0

  get count(): number {
    return this.#asked
  }

  /** A question was sent. @returns its depth, which `answer` takes when the answer has come */
  ask(): number {
    const depth = this.#answered + 1
    this.#asked = Math.max(this.#asked, depth)
    return depth
  }

  answer(depth: number): void {
    this.#answered = Math.max(this.#answered, depth)
  }
}
