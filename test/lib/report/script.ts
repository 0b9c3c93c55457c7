import type { Event, ResultEvent } from '../../../lib/events/event.ts'
import { textReport, type TextOptions } from '../../../lib/report/text.ts'

/** A result as the engine sends it, with what a test does not care about filled in. */
export function result(given: Partial<ResultEvent>): ResultEvent {
  return {
    type: 'result',
    play: 'Primary',
    task: 'Install',
    kind: 'task',
    host: 'db1',
    module: 'command',
    status: 'ok',
    result: {},
    diff: [],
    seconds: 0.25,
    ...given,
  }
}

export const start: Event = {
  type: 'playbook_start',
  playbook: 'site',
  check: false,
  diff: true,
  hosts: ['db1', 'db2'],
}
export const task: Event = { type: 'task_start', play: 'Primary', task: 'Install', kind: 'task' }

export interface Told {
  readonly out: string
  readonly err: string
}

/** What the text report makes of these events. */
export function tell(events: readonly Event[], options: Partial<TextOptions> = {}): Told {
  const told = { out: '', err: '' }
  const report = textReport({
    out: (text) => void (told.out += text),
    err: (text) => void (told.err += text),
    colour: false,
    verbosity: 0,
    columns: () => 79,
    live: false,
    cwd: '/home/me/site',
    ...options,
  })
  events.forEach(report)
  return told
}
