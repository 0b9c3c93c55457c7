import { defined } from '../defined.ts'
import { HostwrightError, InputErrors, type Place } from '../error.ts'
import { explain, type ExplainOptions } from './explain.ts'
import { paint, piece, type Piece } from './paint.ts'
import { nearPlace } from './place.ts'

export interface ErrorOptions extends ExplainOptions {
  readonly colour: boolean
}

/** An error that ended a run, or kept it from beginning, as the command line shows it. */
export function errorText(thrown: unknown, options: ErrorOptions): string {
  return paint(errorPieces(thrown, options), options.colour)
}

function errorPieces(thrown: unknown, options: ErrorOptions): readonly Piece[] {
  const errors = thrown instanceof InputErrors ? thrown.errors : undefined
  if (errors !== undefined && errors.length > 1) return manyPieces(errors, options)
  const error = errors?.[0] ?? thrown
  if (!(error instanceof HostwrightError) || error.kind === 'defect') return defectPieces(error, options)
  return [piece('failed', `ERROR! ${error.message}\n${below(error, options)}${stackOf(error, options)}`)]
}

/** All that is wrong with the input, sorted by the place where it is to be mended. */
function manyPieces(errors: readonly HostwrightError[], options: ErrorOptions): readonly Piece[] {
  const groups = groupBy(errors, ({ place }) => `${place?.file ?? ''}:${place?.line ?? ''}`)
  return [
    piece('failed', `ERROR! ${errors.length} errors in what was given; no host was touched\n`),
    ...groups.flatMap((group) => groupPieces(group, options)),
  ]
}

function groupPieces(group: readonly HostwrightError[], options: ErrorOptions): readonly Piece[] {
  const place = group[0]?.place
  const header = place === undefined ? '' : `${nearPlace(group.length === 1 ? place : lineOf(place), options.cwd)}:\n`
  const told = groupBy(group, (error) => `${error.message}\n${error.next ?? ''}`).map((same) => sameText(same, options))
  return [piece('plain', '\n'), piece('strong', header), piece('failed', told.join(''))]
}

/** An error that many hosts or tasks have in common is reported once. */
function sameText(same: readonly HostwrightError[], options: ErrorOptions): string {
  const [error] = same
  if (error === undefined) return ''
  const hosts = [...new Set(same.flatMap(({ host }) => host ?? []))]
  const tasks = [...new Set(same.flatMap(({ task }) => task ?? []))]
  const where = [...tasks.map((task) => `"${task}"`), ...(hosts.length === 0 ? [] : [`on ${shortList(hosts)}`])]
  const next = defined({ next: error.next })
  const message = error.message.replaceAll('\n', '\n  ')
  return `  ${message}${where.length === 0 ? '' : ` (${where.join(', ')})`}\n${explain({ data: error.data, ...next }, options)}`
}

function below(error: HostwrightError, options: ErrorOptions): string {
  const { task, host, place, next, data, cause } = error
  const reason = cause instanceof Error && !error.message.includes(cause.message) ? cause.message : undefined
  return explain(
    {
      ...defined({ place }),
      data: { task, host, ...data, cause: reason },
      ...defined({ next }),
    },
    options,
  )
}

function defectPieces(error: unknown, options: ErrorOptions): readonly Piece[] {
  const message = error instanceof Error ? error.message : String(error)
  const how = options.verbosity > 2 ? 'with what is shown here' : 'with what the same command shows with -vvv'
  return [
    piece('failed', `ERROR! Unexpected Exception, this is probably a bug in hostwright: ${message}\n`),
    piece('failed', `    next: please report it, ${how}\n${stackOf(error, options)}`),
  ]
}

/** Where it was thrown matters only to whoever mends hostwright. */
function stackOf(error: unknown, { verbosity }: ErrorOptions): string {
  if (verbosity < 3 || !(error instanceof Error)) return ''
  const own = `${error.stack ?? String(error)}\n`
  return error.cause instanceof Error ? `${own}caused by ${error.cause.stack ?? String(error.cause)}\n` : own
}

function lineOf({ file, line }: Place): Place {
  return line === undefined ? { file } : { file, line }
}

function shortList(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}
