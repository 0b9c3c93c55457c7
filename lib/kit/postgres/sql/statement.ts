import { HostwrightError } from '../../../error.ts'

/** A statement and the values the server binds to its `$1`, `$2` … */
export interface BoundStatement {
  /** The statement. */
  readonly text: string
  /** The values, in order. */
  readonly values: readonly unknown[]
}

/** Quoted text, quoted names, dollar quotes and comments, in which nothing is a placeholder or a keyword. */
const quotes = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//

/** `%s` becomes `$1`, `$2` …; a statement written with `$1` stays as it is. */
export function bindPositional(query: string, values: readonly unknown[]): BoundStatement {
  let count = 0
  const text =
    values.length === 0 ? query : outsideQuotes(query, /%s|%%/g, (found) => (found === '%%' ? '%' : `$${++count}`))
  if (count > 0 && count !== values.length) throw wrongCount(count, values.length)
  return { text, values: values.map(toValue) }
}

/** `%(name)s` becomes the number of its value. */
export function bindNamed(query: string, named: Readonly<Record<string, unknown>>): BoundStatement {
  const order: string[] = []
  const text = outsideQuotes(query, /%\(([^)]*)\)s|%%/g, (found, name) => {
    if (found === '%%') return '%'
    if (!Object.hasOwn(named, name))
      throw new HostwrightError(`the query asks for "${name}", which named_args does not have`, {
        kind: 'input',
        next: `give it: named_args: { ${name}: … }`,
      })
    if (!order.includes(name)) order.push(name)
    return `$${order.indexOf(name) + 1}`
  })
  return { text, values: order.map((name) => toValue(named[name])) }
}

/** pg turns a list into an array; a mapping becomes JSON. */
function toValue(value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value
}

function outsideQuotes(query: string, pattern: RegExp, replace: (found: string, group: string) => string): string {
  const either = new RegExp(`(?<quoted>${quotes.source})|(?<found>${pattern.source})`, 'g')
  return query.replace(either, (...match) => {
    const groups = match.at(-1) as { quoted?: string; found?: string }
    if (groups.found === undefined) return groups.quoted ?? ''
    return replace(groups.found, /^%\((.*)\)s$/.exec(groups.found)?.[1] ?? '')
  })
}

function wrongCount(wanted: number, given: number): HostwrightError {
  return new HostwrightError(`the query has ${wanted} places for values (%s), and positional_args has ${given}`, {
    kind: 'input',
    next: 'give as many values as there are places; write a percent sign as %%',
  })
}

/** The statement's first keyword in capitals. */
export function firstWord(query: string): string {
  return (/[a-z]+/i.exec(query.replace(new RegExp(quotes.source, 'g'), ' '))?.[0] ?? '').toUpperCase()
}

const reading = new Set(['SELECT', 'SHOW', 'EXPLAIN', 'VALUES', 'TABLE', 'WITH'])

/** Functions that a read-only transaction lets through although they change the server. */
const effects =
  /\b(pg_switch_(?:wal|xlog)|pg_create_\w+|pg_drop_\w+|pg_copy_\w+|pg_(?:start_|stop_)?backup(?:_start|_stop)?|pg_promote|pg_reload_conf|pg_rotate_logfile|pg_terminate_backend|pg_cancel_backend|pg_logical_\w+|pg_replication_\w+|pg_wal_replay_\w+|pg_stat_reset\w*|pg_stat_statements_reset|pg_advisory_\w+|pg_log_\w+|pg_sync_\w+|pg_file_\w+|lo_\w+|dblink\w*|set_config)\s*\(/i

/** Does the text show that it changes something? What it does not show, a read-only transaction finds out. */
export function looksLikeChange(query: string): boolean {
  const bare = query.replace(new RegExp(quotes.source, 'g'), ' ')
  return !reading.has(firstWord(query)) || effects.test(bare)
}
