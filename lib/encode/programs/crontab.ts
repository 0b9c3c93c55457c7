import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, notEmpty, without } from '../letters.ts'

/** The values that each of the five time fields may have. */
const fields: Readonly<Record<string, CronField>> = {
  minute: { from: 0, to: 59, names: [] },
  hour: { from: 0, to: 23, names: [] },
  day: { from: 1, to: 31, names: [] },
  month: { from: 1, to: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  weekday: { from: 0, to: 7, names: 'sun mon tue wed thu fri sat'.split(' ') },
}

interface CronField {
  readonly from: number
  readonly to: number
  readonly names: readonly string[]
}

/**
 * A field of a time: `*`, numbers, names, ranges and steps. cron passes over a whole file for one field that it does not understand.
 *
 * @see crontab(5)
 */
export function cronTime(field: string, text: string): string {
  const rules = fields[field]
  if (rules === undefined) throw new CannotEncode(`a crontab has ${Object.keys(fields).join(', ')}, and no "${field}"`)
  const where = `the ${field} of a crontab`
  without(text, /[^\w*,/~-]/, where)
  for (const part of notEmpty(text, where).split(',')) checkPart(rules, part, where)
  return text
}

function checkPart(field: CronField, part: string, where: string): void {
  const [, first = '', last, step] = /^(\*|~|\w+)(?:[-~](\w+))?(?:\/(\d+))?$/.exec(part) ?? []
  const isStar = first === '*' || first === '~'
  const values = [...(isStar ? [] : [first]), ...(last === undefined ? [] : [last])]
  if (first === '' || (isStar && last !== undefined) || step === '0' || !values.every((value) => isValue(field, value)))
    throw new CannotEncode(
      `${where} is *, a number from ${field.from} to ${field.to}, a range, a step or a list of these`,
    )
}

function isValue({ from, to, names }: CronField, text: string): boolean {
  if (!/^\d+$/.test(text)) return names.includes(text.toLowerCase())
  return Number(text) >= from && Number(text) <= to
}

/** The user of a job in /etc/cron.d. */
export function cronUser(text: string): string {
  return notEmpty(without(text, /[\0\s:]/, 'the user of a crontab'), 'the user of a crontab')
}

/** The comment by which a job is known. */
export function cronName(text: string): string {
  return without(text, lineBreaks, 'the name of a job')
}

/** The command of a job, in which cron itself takes a `%` without a backslash for a newline. */
export function cronCommand(text: string): string {
  if (/^\s*$/.test(text)) throw new CannotEncode('the command of a job cannot be empty')
  return without(text, lineBreaks, 'a crontab')
}

/** `NAME="value"`, in the kind of quotes that the value does not contain. */
export function cronVariable(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw new CannotEncode('a variable of a crontab has a name of letters, digits and underscores')
  without(value, lineBreaks, 'a crontab')
  if (!value.includes('"')) return `${name}="${value}"`
  if (!value.includes("'")) return `${name}='${value}'`
  if (/^[^\s"'].*\S$/.test(value)) return `${name}=${value}`
  throw new CannotEncode('a variable of a crontab cannot hold both kinds of quotes and begin with one')
}
