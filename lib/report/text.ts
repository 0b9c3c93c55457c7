import { printableName } from '../printable.ts'
import type { Event, Report, ResultEvent, Status } from '../events/event.ts'
import { Fold } from './fold.ts'
import { paint, piece, type Piece } from './paint.ts'
import { nearLine } from './place.ts'
import { liveProgress, plainProgress } from './progress.ts'
import { recapPieces } from './recap.ts'
import { ignoring, resultPieces } from './result.ts'

export interface TextOptions {
  /** Takes the results. */
  readonly out: (text: string) => void
  /** Takes warnings and progress. */
  readonly err: (text: string) => void
  readonly colour: boolean
  readonly verbosity: number
  /** How wide a banner is; 79 where there is no terminal, as in Ansible. */
  readonly columns: () => number
  /** The diagnostics go to a terminal, where lines can be drawn over. */
  readonly live: boolean
  /** Places are shown as seen from this folder. */
  readonly cwd: string
}

/** The report people read: Ansible's lines, with errors and long tasks told better. */
export function textReport(options: TextOptions): Report {
  const { out, err, colour } = options
  const progress = options.live ? liveProgress(err, options.columns, colour) : plainProgress(err)
  const story = new Story(options)
  return (event) => {
    if (event.type === 'progress') return progress.update(event)
    if (event.type === 'result' && event.item === undefined) progress.done(event.host)
    if (event.type === 'task_start' || event.type === 'play_start' || event.type === 'recap') progress.done()
    const pieces = story.tell(event)
    progress.hide()
    if (pieces.length > 0) (isDiagnostic(event) ? err : out)(paint(pieces, colour))
    progress.show()
  }
}

function isDiagnostic({ type }: Event): boolean {
  return type === 'warning' || type === 'handlers_pending'
}

/** What each event adds to the report, given those before it. */
class Story {
  readonly #options: TextOptions
  #diff = false
  readonly #fold = new Fold()
  /** The hosts whose loop was told item by item, with the worst that was told. */
  #loops = new Map<string, Status>()

  constructor(options: TextOptions) {
    this.#options = options
  }

  tell(event: Event): readonly Piece[] {
    switch (event.type) {
      case 'playbook_start':
        this.#diff = event.diff
        return []
      case 'play_start':
        return [
          ...this.#fold.end(),
          this.#banner(`PLAY [${event.play}]`),
          ...(event.hosts.length === 0 ? [piece('skipped', 'skipping: no hosts matched\n')] : []),
        ]
      case 'task_start':
        this.#loops = new Map()
        return [
          ...this.#fold.end(),
          this.#banner(`${event.kind === 'handler' ? 'RUNNING HANDLER' : 'TASK'} [${event.task}]`),
          ...this.#path(event),
        ]
      case 'retry':
        return this.#retry(event)
      case 'result':
        return this.#result(event)
      case 'warning':
        return [
          piece(
            'warning',
            `[WARNING]: ${event.place === undefined ? '' : `${nearLine(event.place, this.#options.cwd)}: `}${event.message}\n`,
          ),
        ]
      case 'handlers_pending':
        return [
          piece(
            'warning',
            `[WARNING]: [${printableName(event.host)}] handlers that did not run: ${event.handlers.join(', ')}; the next run runs them\n`,
          ),
        ]
      case 'recap':
        return [
          ...this.#fold.end(),
          this.#banner('PLAY RECAP'),
          ...recapPieces(event.hosts),
          piece('plain', '\n'),
          ...this.#cost(event),
        ]
      case 'progress':
        return []
    }
  }

  /** Ansible's way to set a heading: an empty line before it, stars behind it up to the right edge. */
  #banner(heading: string): Piece {
    const text = printableName(heading)
    return piece('strong', `\n${text} ${'*'.repeat(Math.max(3, this.#options.columns() - text.length))}\n`)
  }

  /** Where the task stands, from -vv on, as in Ansible. */
  #path({ place }: Extract<Event, { type: 'task_start' }>): readonly Piece[] {
    if (this.#options.verbosity < 2 || place === undefined) return []
    return [piece('quiet', `task path: ${nearLine(place, this.#options.cwd)}\n`)]
  }

  #retry({ host, task, left, message }: Extract<Event, { type: 'retry' }>): readonly Piece[] {
    const why = this.#options.verbosity > 0 && message !== '' ? ` ${message}` : ''
    return [piece('quiet', `FAILED - RETRYING: [${printableName(host)}]: ${task} (${left} retries left).${why}\n`)]
  }

  /** The whole of a loop is told only where its items did not tell it already. */
  #result(event: ResultEvent): readonly Piece[] {
    const told = this.#loops.get(event.host)
    if (event.item !== undefined) this.#loops.set(event.host, isBad(told) ? told : event.status)
    else if (told !== undefined) {
      if (event.status === 'ok' || event.status === 'changed') return []
      if (isBad(event.status) && isBad(told)) return event.forgiven === 'ignored' ? [ignoring] : []
    }
    const { verbosity, cwd } = this.#options
    if (verbosity === 0 && told === undefined && this.#fold.takes(event)) return []
    return resultPieces(event, { diff: this.#diff, verbosity, cwd })
  }

  #cost({ seconds, requests, round_trips: trips }: Extract<Event, { type: 'recap' }>): readonly Piece[] {
    if (this.#options.verbosity === 0) return []
    const sent = Object.entries(requests).map(([host, count]) => `${printableName(host)}=${count}/${trips[host] ?? 0}`)
    const told = sent.length === 0 ? '' : `, requests/round trips: ${sent.join(' ')}`
    return [piece('quiet', `${seconds.toFixed(1)} s${told}\n`)]
  }
}

function isBad(status: Status | undefined): status is 'failed' | 'unreachable' {
  return status === 'failed' || status === 'unreachable'
}
