import type { Become, Reply } from '../connection.ts'
import { endTree, type Running } from './end-tree.ts'
import { endingOf, unseen, type Ending } from './ending.ts'
import { within } from './process.ts'
import type { Script } from '../../quote.ts'

type Run = (script: Script, become: Become | undefined, seconds: number) => Promise<Reply>

/** Seconds to wait for the answer of the program that ends others. */
const patience = 10

interface Waiting extends Running {
  resolve(ending: Ending): void
}

/** Ends programs on a host, by another program that runs as the same user: one for all that are to be ended at the same moment. */
export class TreeEnder {
  readonly #run: Run
  readonly #waiting = new Map<Become | undefined, Waiting[]>()

  constructor(run: Run) {
    this.#run = run
  }

  /** Never rejects. */
  end(program: Running, become: Become | undefined): Promise<Ending> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(become)
      if (waiting !== undefined) return void waiting.push({ ...program, resolve })
      this.#waiting.set(become, [{ ...program, resolve }])
      setImmediate(() => void this.#endAll(become))
    })
  }

  async #endAll(become: Become | undefined): Promise<void> {
    const programs = this.#waiting.get(become) ?? []
    this.#waiting.delete(become)
    const late = () => new Error(`no answer within ${patience} seconds`)
    const ending = await within(patience, this.#run(endTree(programs), become, patience), late).then(
      (reply) => (pid: number) => endingOf(reply, pid),
      (error: Error) => (pid: number) => unseen(pid, error.message),
    )
    for (const { pid, resolve } of programs) resolve(ending(pid))
  }
}
