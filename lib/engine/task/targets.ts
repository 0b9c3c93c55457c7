import type { TaskData } from '../../play/data.ts'

/** Orders the changes of each machine: with `delegate_to`, several hosts may act on one. */
export class Targets {
  readonly #changes = new Map<string, number>()
  /** One queue for each task. A task that timed out may still be running; it must not block later tasks. */
  readonly #queues = new WeakMap<TaskData, Map<string, Promise<void>>>()

  /** The number of changes there so far. A plan that began at another number is out of date. */
  changes(target: string): number {
    return this.#changes.get(target) ?? 0
  }

  /** Makes a change there. Plans that are begun while it lasts are out of date too. */
  async changing<T>(target: string, change: () => Promise<T>): Promise<T> {
    this.#count(target)
    try {
      return await change()
    } finally {
      this.#count(target)
    }
  }

  /** Waits for the hosts that come before in this task on this machine. Starts at once if there are none. */
  inTurn<T>(task: TaskData, target: string, work: () => Promise<T>): Promise<T> {
    const queues = this.#queues.get(task) ?? new Map<string, Promise<void>>()
    this.#queues.set(task, queues)
    const before = queues.get(target)
    const done = before === undefined ? work() : before.then(work)
    const end = () => {
      if (queues.get(target) === ended) queues.delete(target)
    }
    const ended: Promise<void> = done.then(end, end)
    queues.set(target, ended)
    return done
  }

  #count(target: string): void {
    this.#changes.set(target, this.changes(target) + 1)
  }
}
