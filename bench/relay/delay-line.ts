/** What tells the time and wakes up; a test has its own. */
export interface Clock {
  readonly now: () => number
  readonly after: (milliseconds: number, wake: () => void) => void
}

const machine: Clock = {
  now: () => performance.now(),
  after: (milliseconds, wake) => void setTimeout(wake, milliseconds),
}

/** Passes things on in their order, each so many milliseconds after it came, and none before `open` and that time are over. */
export class DelayLine<T> {
  readonly #delay: number
  readonly #open: number
  readonly #pass: (thing: T) => void
  readonly #clock: Clock
  readonly #waiting: { readonly due: number; readonly thing: T }[] = []

  constructor(delay: number, open: number, pass: (thing: T) => void, clock: Clock = machine) {
    this.#delay = delay
    this.#open = clock.now() + open
    this.#pass = pass
    this.#clock = clock
  }

  push(thing: T): void {
    const due = Math.max(this.#clock.now(), this.#open) + this.#delay
    this.#waiting.push({ due, thing })
    if (this.#waiting.length === 1) this.#wakeAt(due)
  }

  #wakeAt(due: number): void {
    this.#clock.after(Math.max(0, due - this.#clock.now()), () => this.#deliver())
  }

  #deliver(): void {
    const now = this.#clock.now()
    for (let head = this.#waiting[0]; head !== undefined && head.due <= now; head = this.#waiting[0]) {
      this.#pass(head.thing)
      this.#waiting.shift()
    }
    const next = this.#waiting[0]
    if (next !== undefined) this.#wakeAt(next.due)
  }
}
