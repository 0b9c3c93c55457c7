import { aroundChanges } from './changes.ts'

/** Answers kept until something changes. */
export interface Memory {
  /** Asks once, and remembers the answer. A question that failed is asked again. `keep` decides whether an answer is remembered. */
  remember<A extends readonly unknown[], T>(
    ask: (...question: A) => Promise<T>,
    keep?: (answer: T) => boolean,
  ): (...question: A) => Promise<T>
  forget(): void
}

export function memory(): Memory {
  const answers: { clear(): void }[] = []
  return {
    remember: <A extends readonly unknown[], T>(
      ask: (...question: A) => Promise<T>,
      keep: (answer: T) => boolean = () => true,
    ) => {
      const known = new Map<string, Promise<T>>()
      answers.push(known)
      return (...question: A) => {
        const key = JSON.stringify(question)
        const found = known.get(key)
        if (found !== undefined) return found
        const asked = ask(...question)
        known.set(key, asked)
        const drop = () => {
          if (known.get(key) === asked) known.delete(key)
        }
        asked.then((answer) => {
          if (!keep(answer)) drop()
        }, drop)
        return asked
      }
    },
    forget: () => {
      for (const known of answers) known.clear()
    },
  }
}

/** A part of a host of which everything but these questions may change something: it forgets before, and again when that is done. */
export function forgetting<T extends object>(part: T, questions: readonly (keyof T)[], forget: () => void): T {
  return aroundChanges(part, questions, async (change) => {
    forget()
    try {
      return await change()
    } finally {
      forget()
    }
  })
}
