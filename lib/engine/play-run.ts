import { defined } from '../defined.ts'
import type { BlockData, Entry, TaskData } from '../play/data.ts'
import { stopwatch } from '../stopwatch.ts'
import { eachInOrder } from './each.ts'
import { Handlers } from './handlers.ts'
import { cutOff, registeredValue, type TaskOutcome } from './task/outcome.ts'
import type { PlayPlan } from './prepare/plays.ts'
import type { Running } from './running.ts'
import { learnFacts, resultsOf } from './task/run-state.ts'
import { listed, startsAt } from './prepare/select.ts'
import { inheritedInBlock, inheritedFromPlay, type Inherited } from './prepare/inherited.ts'
import { scopeIn } from './task/task-site.ts'
import { resultEvents } from './result-events.ts'
import { RunningTask, type Owing } from './run-task.ts'

/** One play over one batch of hosts, task by task: each task on all hosts before the next (Ansible's linear strategy). */
export class PlayRun {
  readonly #run: Running
  readonly #plan: PlayPlan
  readonly #handlers: Handlers
  #fatal = false

  constructor(run: Running, plan: PlayPlan) {
    this.#run = run
    this.#plan = plan
    const names = plan.play.handlers.map((handler) => handler.name)
    this.#handlers = new Handlers(
      `${run.settings.playbook.name}/${plan.play.name}`,
      names,
      run.stateDir,
      !run.settings.check,
    )
  }

  /** @returns the hosts that were lost. */
  async run(batch: readonly string[]): Promise<ReadonlySet<string>> {
    const outer = inheritedFromPlay(this.#plan.play)
    for (const host of batch) this.#announceLeft(host)
    const failed = await this.#entries(this.#plan.entries, batch, outer)
    const force = this.#run.settings.forceHandlers || this.#plan.play.options.force_handlers === true
    const reachable = batch.filter((host) => !this.#run.lost.has(host))
    const good = reachable.filter((host) => !failed.has(host))
    await this.#flush(force ? reachable : this.#fatal ? [] : good)
    for (const host of failed) this.#run.lost.add(host)
    for (const host of batch) this.#announcePending(host)
    return new Set(batch.filter((host) => this.#run.lost.has(host)))
  }

  /** Walks entries over hosts. @returns the hosts that failed on the way; those take no further part. */
  async #entries(
    entries: readonly Entry[],
    hosts: readonly string[],
    inherited: Inherited,
  ): Promise<ReadonlySet<string>> {
    const failed = new Set<string>()
    for (const entry of entries) {
      const left = hosts.filter((host) => !failed.has(host) && !this.#run.lost.has(host))
      if (left.length === 0 || this.#fatal || this.#run.settings.signal?.aborted === true) break
      const bad = await this.#entry(entry, left, inherited)
      for (const host of bad) failed.add(host)
      if (bad.size > 0 && this.#plan.play.options.any_errors_fatal === true && !inherited.rescued) this.#fatal = true
    }
    return failed
  }

  #entry(entry: Entry, hosts: readonly string[], inherited: Inherited): Promise<ReadonlySet<string>> {
    switch (entry.type) {
      case 'task':
        return this.#task(entry, hosts, inherited)
      case 'block':
        return this.#block(entry, hosts, inherited)
      case 'flush':
        return this.#flush(hosts)
    }
  }

  async #block(block: BlockData, hosts: readonly string[], inherited: Inherited): Promise<ReadonlySet<string>> {
    const when = block.options.when
    const taken =
      when === undefined
        ? hosts
        : hosts.filter((host) => when(scopeIn(this.#run, this.#plan, host, resultsOf(this.#run, host))))
    const inner = inheritedInBlock(block, inherited)
    const failed = await this.#entries(block.entries, taken, inner)
    const after = { ...inner, rescued: inherited.rescued }
    const open = block.rescue.length === 0 ? failed : await this.#entries(block.rescue, [...failed], after)
    const still = new Set(open)
    for (const host of await this.#entries(block.always, taken, after)) still.add(host)
    return still
  }

  async #flush(hosts: readonly string[]): Promise<ReadonlySet<string>> {
    const failed = new Set<string>()
    for (const handler of this.#plan.play.handlers) {
      if (this.#run.settings.signal?.aborted === true) break
      const owed = hosts.filter(
        (host) => !failed.has(host) && !this.#run.lost.has(host) && this.#handlers.isOwed(host, handler.name),
      )
      if (owed.length === 0) continue
      this.#handlers.begins(owed, handler.name)
      const bad = await this.#task(handler, owed, inheritedFromPlay(this.#plan.play), 'handler')
      for (const host of owed)
        if (bad.has(host)) failed.add(host)
        else this.#handlers.done(host, handler.name)
    }
    return failed
  }

  async #task(
    task: TaskData,
    hosts: readonly string[],
    inherited: Inherited,
    kind: 'task' | 'handler' = 'task',
  ): Promise<ReadonlySet<string>> {
    if (kind === 'task' && !(await this.#wanted(task))) return new Set()
    const { settings } = this.#run
    const place = task.site.place
    settings.report({
      type: 'task_start',
      play: this.#plan.play.name,
      task: task.name,
      kind,
      ...defined({ place }),
    })
    const once = task.options.run_once === true
    const failed = new Set<string>()
    await eachInOrder(
      once ? hosts.slice(0, 1) : hosts,
      settings.forks,
      (host) => this.#timed(task, host, inherited, kind),
      (host, { outcome, seconds }) => {
        const ignored = task.options.ignore_errors ?? inherited.ignoreErrors
        const forgivable = outcome.status === 'failed' && settings.signal?.aborted !== true
        const forgiven = forgivable ? (ignored ? 'ignored' : inherited.rescued ? 'rescued' : undefined) : undefined
        const told = { play: this.#plan.play.name, task, kind, host, forgiven, seconds, diff: settings.diff } as const
        for (const event of resultEvents(told, outcome)) settings.report(event)
        for (const each of once ? hosts : [host]) this.#keep(task, each, outcome)
        if (outcome.status === 'unreachable') this.#run.lost.add(host)
        if (outcome.status === 'unreachable' || (outcome.status === 'failed' && forgiven !== 'ignored'))
          for (const each of once ? hosts : [host]) failed.add(each)
      },
    )
    return failed
  }

  async #wanted(task: TaskData): Promise<boolean> {
    const { selection, confirm } = this.#run.settings
    this.#run.started ||= startsAt(selection.startAtTask ?? '', task.name)
    if (!this.#run.started) return false
    if (confirm === undefined || !this.#run.confirmEach) return true
    const said = await confirm(task.name)
    if (said === 'continue') this.#run.confirmEach = false
    return said !== 'no'
  }

  async #timed(
    task: TaskData,
    host: string,
    inherited: Inherited,
    kind: 'task' | 'handler',
  ): Promise<{ readonly outcome: TaskOutcome; readonly seconds: number }> {
    const elapsed = stopwatch()
    const { settings, hosts, progress, lookAhead } = this.#run
    const watch = progress.watch(host, task.name, task.options.no_log === true)
    const owing = this.#owing(task, host)
    const running = new RunningTask(this.#run, this.#plan, { task, host, inherited, kind }, watch.line, owing)
    try {
      const taken = running.run()
      if (kind === 'task') lookAhead.extend(this.#run, host)
      const outcome = await taken
      const seconds = elapsed()
      const lost = outcome.status === 'failed' || outcome.status === 'unreachable'
      if (!lost || settings.signal?.aborted !== true) return { outcome, seconds }
      const acted = outcome.error?.host ?? host
      const endings = (await hosts.cutShort()).get(acted) ?? []
      return { outcome: cutOff(outcome, seconds, acted, endings), seconds }
    } finally {
      watch.end()
    }
  }

  #owing(task: TaskData, host: string): Owing {
    let fresh: readonly string[] = []
    return {
      notify: () => {
        fresh = this.#handlers.notify(host, listed(task.options.notify))
      },
      withdraw: () => {
        for (const name of fresh) this.#handlers.done(host, name)
      },
    }
  }

  #keep(task: TaskData, host: string, outcome: TaskOutcome): void {
    if (outcome.status === 'changed') this.#handlers.notify(host, listed(task.options.notify))
    learnFacts(this.#run, outcome.delegatedTo ?? host, outcome.result['ansible_facts'])
    if (task.options.register === undefined) return
    resultsOf(this.#run, host)[task.options.register] = registeredValue(outcome)
  }

  #announceLeft(host: string): void {
    const left = this.#handlers.leftFor(host)
    if (left.length > 0)
      this.#run.settings.report({
        type: 'warning',
        message: `${host}: an earlier run still owes ${left.join(', ')}; this run makes up for it`,
      })
  }

  #announcePending(host: string): void {
    const handlers = this.#handlers.leftFor(host)
    if (handlers.length > 0) this.#run.settings.report({ type: 'handlers_pending', host, handlers })
  }
}
