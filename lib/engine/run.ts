import { defined } from '../defined.ts'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Counts, Report } from '../events/event.ts'
import { countResult } from '../events/counts.ts'
import { stopwatch } from '../stopwatch.ts'
import { Hosts, type Sent } from './task/hosts.ts'
import { planPlays, type PlayPlan } from './prepare/plays.ts'
import { preflightPlays } from './prepare/preflight.ts'
import { Progress } from './progress.ts'
import { LookAhead } from './ahead/look-ahead.ts'
import { PlayRun } from './play-run.ts'
import type { Running } from './running.ts'
import { readVarsFiles } from './prepare/vars-files.ts'
import type { RunSettings, RunSummary } from './prepare/settings.ts'

/** Checks everything that can be checked before a host is connected to. Throws all errors together, as InputErrors. */
export async function preflight(settings: RunSettings): Promise<void> {
  await checkedPlans(settings)
}

async function checkedPlans(settings: RunSettings): Promise<readonly PlayPlan[]> {
  const plans = planPlays(settings, warner(settings.report), await readVarsFiles(settings))
  preflightPlays(plans, settings.connection)
  return plans
}

/**
 * Runs a playbook: checks it whole, then walks its plays over their hosts. Events go to `settings.report`; a failed host is an outcome, not an
 * error.
 */
export async function runPlaybook(settings: RunSettings): Promise<RunSummary> {
  const plans = await checkedPlans(settings)
  const tally = new Tally(settings.report)
  const hosts = new Hosts(settings.connection, settings.become)
  const progress = new Progress(settings.report)
  const abort = () => void hosts.cutShort().then(() => hosts.close())
  settings.signal?.addEventListener('abort', abort, { once: true })
  try {
    await walk({ ...settings, report: tally.report }, plans, hosts, progress)
    return tally.outcome(settings.signal?.aborted === true)
  } finally {
    progress.close()
    settings.signal?.removeEventListener('abort', abort)
    const sent = await hosts.sent()
    // Print the recap first: closing costs a round trip.
    tally.recap(sent)
    await hosts.close()
  }
}

async function walk(
  settings: RunSettings,
  plans: readonly PlayPlan[],
  hosts: Hosts,
  progress: Progress,
): Promise<void> {
  const all = [...new Set(plans.flatMap((plan) => plan.hosts))]
  settings.report({
    type: 'playbook_start',
    playbook: settings.playbook.name,
    check: settings.check,
    diff: settings.diff,
    hosts: all,
  })
  const ahead = settings.lookAhead !== false && settings.confirm === undefined
  const state: Running = {
    settings,
    hosts,
    progress,
    lookAhead: new LookAhead(hosts, plans, ahead),
    lost: new Set(),
    results: new Map(),
    facts: new Map(),
    stateDir: settings.stateDir ?? join(settings.playbookDir, '.hostwright'),
    started: settings.selection.startAtTask === undefined,
    confirmEach: settings.confirm !== undefined,
  }
  for (const [index, plan] of plans.entries()) {
    if (settings.signal?.aborted === true) return
    const left = plan.hosts.filter((host) => !state.lost.has(host))
    settings.report({ type: 'play_start', play: plan.play.name, hosts: left })
    // After the first line, so that the user sees it at once.
    if (index === 0 && state.started) await warmUp(state, plans)
    for (const batch of batches(left, plan.play.options.serial)) {
      const gone = await new PlayRun(state, plan).run(batch)
      if (
        gone.size > 0 &&
        (plan.play.options.any_errors_fatal === true || batch.every((host) => gone.has(host))) &&
        batch.length < left.length
      )
        return
    }
    // As in Ansible: when a play has lost all its hosts, the plays after it do not run.
    if (left.length > 0 && left.every((host) => state.lost.has(host))) return
  }
}

/**
 * Connects to the hosts of all plays at once, as many as may be at work at the same time, and plans what they will be asked to do while what was written to them
 * is on its way.
 */
async function warmUp(run: Running, plans: readonly PlayPlan[]): Promise<void> {
  const seats = plans.flatMap(({ play, source, ...plan }) =>
    plan.entries.length === 0
      ? []
      : plan.hosts.map((host) => ({ host, vars: source.variables.all(host), become: play.options })),
  )
  const first = new Map(seats.toReversed().map((seat) => [seat.host, seat]))
  const begun = [...first.values()].slice(0, run.settings.forks)
  for (const seat of begun) run.hosts.warm(seat)
  await nextTurn()
  for (const seat of begun) run.lookAhead.extend(run, seat.host)
}

function batches(hosts: readonly string[], size: number | undefined): readonly (readonly string[])[] {
  if (size === undefined || size < 1) return [hosts]
  return Array.from({ length: Math.ceil(hosts.length / size) }, (_, i) => hosts.slice(i * size, (i + 1) * size))
}

function warner(report: Report) {
  return (message: string, play: PlayPlan['play']) =>
    report({ type: 'warning', message, ...defined({ place: play.site.place }) })
}

/** Passes events on, and counts what the recap needs. Results are not kept. */
class Tally {
  readonly report: Report
  readonly #counts: Record<string, Counts> = {}
  readonly #elapsed = stopwatch()
  readonly #out: Report

  constructor(out: Report) {
    this.#out = out
    this.report = (event) => {
      if (event.type === 'result') this.#counts[event.host] = countResult(this.#counts[event.host], event)
      out(event)
    }
  }

  outcome(interrupted: boolean): RunSummary {
    const all = Object.values(this.#counts)
    return {
      counts: this.#counts,
      failed: all.some((counts) => counts.failed > 0),
      unreachable: all.some((counts) => counts.unreachable > 0),
      interrupted,
    }
  }

  recap(sent: Readonly<Record<string, Sent>>): void {
    const each = (count: (of: Sent) => number) =>
      Object.fromEntries(Object.entries(sent).map(([host, of]) => [host, count(of)]))
    this.#out({
      type: 'recap',
      hosts: this.#counts,
      seconds: this.#elapsed(),
      requests: each((of) => of.requests),
      round_trips: each((of) => of.roundTrips),
    })
  }
}
