import { printableName } from '../printable.ts'
import { mask } from '../secret.ts'
import type { Event } from '../events/event.ts'
import { paint, piece } from './paint.ts'

type ProgressEvent = Extract<Event, { type: 'progress' }>

/** Says what long tasks are doing. Whoever prints beside it hides it first. */
export interface Progress {
  update(event: ProgressEvent): void
  /** The task has ended on this host, or on all. */
  done(host?: string): void
  /** Takes what is shown off the screen. */
  hide(): void
  /** Puts it back. */
  show(): void
}

const mostLines = 8
const everySeconds = 10

/** On a terminal: a line for each busy host below the report, drawn anew with each news. */
export function liveProgress(write: (text: string) => void, columns: () => number, colour: boolean): Progress {
  const busy = new Map<string, ProgressEvent>()
  let drawn = 0
  const hide = (): void => {
    if (drawn > 0) write(`\x1b[${drawn}A\r\x1b[J`)
    drawn = 0
  }
  const show = (): void => {
    if (drawn > 0 || busy.size === 0) return
    const lines = [...busy.values()].slice(0, mostLines).map(progressLine)
    if (busy.size > mostLines) lines.push(`... and ${busy.size - mostLines} more hosts`)
    const text = lines.map((line) => `${cut(printableName(line), columns() - 1)}\n`).join('')
    write(paint([piece('quiet', text)], colour))
    drawn = lines.length
  }
  return {
    update(event) {
      busy.set(event.host, event)
      hide()
      show()
    },
    done(host) {
      if (host === undefined) busy.clear()
      else busy.delete(host)
    },
    hide,
    show,
  }
}

/** Into a pipe or a log: a line now and then, so that nobody takes a long task for a hung one. */
export function plainProgress(write: (text: string) => void): Progress {
  const told = new Map<string, number>()
  return {
    update(event) {
      if (event.seconds - (told.get(event.host) ?? 0) < everySeconds) return
      told.set(event.host, event.seconds)
      write(paint([piece('plain', `${progressLine(event)}\n`)], false))
    },
    done(host) {
      if (host === undefined) told.clear()
      else told.delete(host)
    },
    hide() {},
    show() {},
  }
}

/** `... [db1] Install PostgreSQL: 12s, Unpacking libllvm14` */
function progressLine({ host, task, seconds, line }: ProgressEvent): string {
  // Mask first, then cut: masking does not find half a secret.
  const said = mask(line)
    .split(/[\r\n]/)
    .findLast((part) => part.trim() !== '')
  return `... [${printableName(host)}] ${mask(task)}: ${duration(seconds)}${said === undefined ? '' : `, ${said.trim()}`}`
}

function duration(seconds: number): string {
  const whole = Math.floor(seconds)
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`
}

function cut(line: string, width: number): string {
  const characters = [...line]
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}
