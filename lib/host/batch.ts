import { quote } from '../quote.ts'

/** What goes into one request at most: far from the kernel's limit on arguments, and from what a shell is slow at. */
const mostQuestions = 200
const mostBytes = 60_000

/** An answer, or one that is still to come because its question has to be asked by itself. */
export type Answer<A> = A | Promise<A>

interface Waiting<A> {
  readonly question: string
  resolve(answer: Answer<A>): void
  reject(error: unknown): void
}

/**
 * A question, some word of shell, that is asked together with all others of its kind that come up in the same turn of the event loop; the same one twice is asked once. What `ask`
 * gives stands in the order of the questions.
 */
export function inBatches<A>(
  ask: (questions: readonly string[]) => Promise<readonly Answer<A>[]>,
): (question: string) => Promise<A> {
  let asked = new Map<string, Promise<A>>()
  let waiting: Waiting<A>[] = []

  const flush = () => {
    const all = waiting
    asked = new Map()
    waiting = []
    for (const batch of cut(all)) void answerAll(batch)
  }

  async function answerAll(batch: readonly Waiting<A>[]): Promise<void> {
    try {
      const answers = await ask(batch.map(({ question }) => question))
      for (const [i, answer] of answers.entries()) batch[i]?.resolve(answer)
    } catch (error) {
      for (const one of batch) one.reject(error)
    }
  }

  return async (question) => {
    // A text that cannot be a shell word is refused before it is sent with the questions of others.
    quote(question)
    const known = asked.get(question)
    if (known !== undefined) return known
    if (waiting.length === 0) setImmediate(flush)
    const answer = new Promise<A>((resolve, reject) => waiting.push({ question, resolve, reject }))
    asked.set(question, answer)
    return answer
  }
}

function cut<A>(all: readonly Waiting<A>[]): readonly (readonly Waiting<A>[])[] {
  const batches: Waiting<A>[][] = []
  let bytes = 0
  for (const one of all) {
    const last = batches.at(-1)
    const size = Buffer.byteLength(one.question)
    if (last === undefined || last.length === mostQuestions || bytes + size > mostBytes) batches.push([one])
    else last.push(one)
    bytes = batches.at(-1)?.length === 1 ? size : bytes + size
  }
  return batches
}
