import type { TaskData } from '../../play/data.ts'
import type { Hosts } from '../task/hosts.ts'
import type { PlayPlan } from '../prepare/plays.ts'
import { aheadOf, type Ahead, type Foreseen } from './plan-ahead.ts'
import type { RunState } from '../task/run-state.ts'
import { stepsOf, type Step } from '../prepare/steps.ts'
import { HostAhead } from './host-ahead.ts'
import { memo } from '../prepare/vars.ts'

/**
 * Plans tasks before their turn. Plans only read: as long as nothing changes they stand, and a converged run needs a few round trips, however many tasks it has.
 * What changes something on any host throws all of them away; then none are made until a task has changed nothing, and from there twice as many after each.
 */
export class LookAhead {
  readonly #hosts: Hosts
  readonly #enabled: boolean
  readonly #byHost = new Map<string, HostAhead>()
  readonly #stepsFor: (host: string) => readonly Step[]
  #changing = 0

  constructor(hosts: Hosts, plans: readonly PlayPlan[], enabled: boolean) {
    this.#hosts = hosts
    this.#enabled = enabled
    const steps = memo((index) => stepsOf(plans[Number(index)] as PlayPlan))
    // Hosts that take part in the same plays share one list.
    const shared = memo((indexes: string) => indexes.split(' ').flatMap(steps))
    const members = plans.map((plan) => new Set(plan.hosts))
    this.#stepsFor = (host) => shared(members.flatMap((set, index) => (set.has(host) ? [index] : [])).join(' '))
  }

  /** The plan that was made for this task, whose turn it is now; undefined when there is none that stands. */
  take(plan: PlayPlan, task: TaskData, host: string): Ahead | undefined {
    return this.#enabled ? this.#ahead(host).take(plan, task) : undefined
  }

  /** The task whose turn it is has begun: later ones that read what it registers wait for that. */
  registering(host: string, name: string, known: Promise<Foreseen>): void {
    if (this.#enabled) this.#ahead(host).registering(name, aheadOf(known))
  }

  /** Plans on, as far as the window reaches. */
  extend(run: RunState, host: string): void {
    if (this.#enabled && this.#changing === 0 && run.settings.signal?.aborted !== true) this.#ahead(host).extend(run)
  }

  /** Makes a change. Everything that was read before or during it is read again. */
  async disturbing<T>(change: () => Promise<T>): Promise<T> {
    this.#changing += 1
    this.disturbed()
    try {
      return await change()
    } finally {
      this.#changing -= 1
      this.#hosts.forget()
    }
  }

  /** Something outside of the run may have changed too: the task waited for it. */
  disturbed(): void {
    this.#hosts.forget()
    for (const ahead of this.#byHost.values()) ahead.disturb()
  }

  #ahead(host: string): HostAhead {
    const known = this.#byHost.get(host)
    if (known !== undefined) return known
    const ahead = new HostAhead(host, this.#stepsFor(host))
    this.#byHost.set(host, ahead)
    return ahead
  }
}
