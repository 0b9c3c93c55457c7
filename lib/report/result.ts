import { defined } from '../defined.ts'
import { printableName } from '../printable.ts'
import { diffPieces } from './diff.ts'
import type { ErrorReport, ResultEvent } from '../events/event.ts'
import { explain, type ExplainOptions } from './explain.ts'
import { indentedJson, oneLineJson } from './json-text.ts'
import { piece, type Piece, type Style } from './paint.ts'

export interface ResultOptions extends ExplainOptions {
  readonly diff: boolean
}

const hidden = 'the output is hidden, because no_log is set'
/** Modules whose result is there to be shown. */
export const debugModules: ReadonlySet<string> = new Set(['debug', 'ansible.builtin.debug'])
/** What a failure without an error of its own has to say for itself. */
const telling = ['rc', 'stderr', 'stdout']

/** The report of one result: its diffs, its line as Ansible prints it, and the lines below. */
export function resultPieces(event: ResultEvent, options: ResultOptions): readonly Piece[] {
  const diffs = options.diff && event.censored !== true ? event.diff.flatMap(diffPieces) : []
  if (event.status === 'failed' || event.status === 'unreachable') return [...diffs, ...failurePieces(event, options)]
  const note = event.note === undefined ? '' : ` (${event.note})`
  return [...diffs, piece(event.status, `${head(event)}${note}${shownResult(event, options.verbosity)}\n`)]
}

/** `changed: [web1 -> web2] => (item=x)`, as scripts look for it. */
function head(event: ResultEvent): string {
  const word = event.status === 'skipped' ? 'skipping' : event.status
  return `${word}: [${hostOf(event)}]${event.item === undefined ? '' : ` => (item=${printableName(event.item.label)})`}`
}

function hostOf({ host, delegated_to: other }: ResultEvent): string {
  return printableName(other === undefined || other === host ? host : `${host} -> ${other}`)
}

function shownResult(event: ResultEvent, verbosity: number): string {
  const isDebug = debugModules.has(event.module) && event.status !== 'skipped'
  if (event.censored === true) return verbosity > 0 && !isDebug ? ` => {"censored": "${hidden}"}` : ''
  if (isDebug) return debugText(event.result)
  if (verbosity === 0) return ''
  const result = { changed: event.status === 'changed', ...event.result }
  return ` => ${verbosity > 2 ? indentedJson(result) : oneLineJson(result)}`
}

/** A message of several lines is meant to be read: it is a report, not data. Anything else as Ansible shows it. */
function debugText(result: ResultEvent['result']): string {
  const { changed: _changed, failed: _failed, ...shown } = result
  const { msg, ...rest } = shown
  if (typeof msg === 'string' && msg.trimEnd().includes('\n') && Object.keys(rest).length === 0)
    return ` =>\n${msg.trimEnd().replaceAll(/^(?=.)/gm, '    ')}`
  return ` => ${indentedJson(shown)}`
}

function failurePieces(event: ResultEvent, options: ResultOptions): readonly Piece[] {
  const style: Style = event.status === 'unreachable' ? 'unreachable' : 'failed'
  const error = errorOf(event)
  const place = error.place ?? event.place
  const details = explain({ ...error, ...defined({ place }) }, options)
  const note = event.note === undefined ? '' : ` (${event.note})`
  const raw =
    options.verbosity > 0 && event.censored !== true
      ? `    result: ${oneLineJson({ ...error.data, ...event.result })}\n`
      : ''
  const pieces = [piece(style, `${failureHead(event)} => ${error.message}${note}\n${details}${raw}`)]
  return event.forgiven === 'ignored' && event.item === undefined ? [...pieces, ignoring] : pieces
}

/** Ansible's word below a failure that `ignore_errors` lets pass. */
export const ignoring: Piece = piece('skipped', '...ignoring\n')

function failureHead(event: ResultEvent): string {
  if (event.status === 'unreachable') return `fatal: [${hostOf(event)}]: UNREACHABLE!`
  if (event.item !== undefined) return `failed: [${hostOf(event)}] (item=${printableName(event.item.label)})`
  return `fatal: [${hostOf(event)}]: FAILED!`
}

function errorOf(event: ResultEvent): ErrorReport {
  if (event.censored === true) return { message: hidden, data: {}, next: 'run it once with no_log: false to see it' }
  if (event.error !== undefined) return event.error
  const { msg } = event.result
  const data = Object.fromEntries(telling.map((name) => [name, event.result[name]]))
  return { message: typeof msg === 'string' && msg !== '' ? msg : 'the task failed', data }
}
