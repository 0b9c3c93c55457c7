import type { HostwrightError } from '../../error.ts'
import { ended, type Ending } from './ending.ts'
import { within } from './process.ts'

/** Can end a program on a host. */
export interface Ender {
  /** Ends a program and what it has started. Never rejects. */
  endTree(pid: number): Promise<Ending>
  lost(): HostwrightError | undefined
}

/** Seconds in which a program has to say that it has begun. */
const seconds = 3

/** Ends a program that may not have begun yet: what was written to it would run all the same. Never rejects. */
export async function endHeard(ender: Ender, listening: Promise<number>): Promise<Ending> {
  const late = new Error('the host does not say whether it has begun')
  try {
    return await ender.endTree(await within(seconds, listening, () => late))
  } catch (error) {
    const why = ender.lost() ?? (error === late ? late : undefined)
    return why === undefined ? ended : { is: 'unseen', what: 'the command', why: why.message }
  }
}
