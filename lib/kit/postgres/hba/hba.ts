import { defined } from '../../../defined.ts'
import { isSpecialWord, pgHbaComment, pgHbaOption, pgHbaQuoted, pgHbaWord } from '../../../encode/postgres/pg-hba.ts'

/** A word of pg_hba.conf. Quotes take its special meaning from a keyword: `"all"` is a database called all. */
export interface Word {
  /** The word without its quotes. */
  readonly text: string
  /** It is written in quotes. */
  readonly quoted: boolean
}

/** A rule of pg_hba.conf. */
export interface HbaRule {
  /** `local`, `host`, `hostssl`, `hostnossl`, `hostgssenc` or `hostnogssenc`. */
  readonly type: string
  /** The databases it is for. */
  readonly databases: readonly Word[]
  /** The roles it is for. */
  readonly users: readonly Word[]
  /** Empty for local rules. */
  readonly address: string
  /** The mask, where it is written beside the address; else empty. */
  readonly netmask: string
  /** How a client proves who it is: `scram-sha-256`, `peer` … */
  readonly method: string
  /** `name=value`, in their order. */
  readonly options: readonly string[]
  /** The comment at the end of the line; empty when there is none. */
  readonly comment: string
}

/** A line (with those that continue it): a rule, or anything else, which is kept as it stands. */
export interface HbaLine {
  /** The line as it is written. */
  readonly text: string
  /** The rule that it holds. */
  readonly rule?: HbaRule
  /** Something the server reads as rules, or fails on: an include, or what makes no sense. */
  readonly active: boolean
}

export const hbaTypes = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const

/** The lines of a pg_hba.conf, as the server reads them (https://www.postgresql.org/docs/current/auth-pg-hba-conf.html). */
export function parseHba(text: string): readonly HbaLine[] {
  const lines: HbaLine[] = []
  let pending: string | undefined
  const raw = text.split('\n')
  if (raw.at(-1) === '') raw.pop()
  for (const piece of raw) {
    const whole = pending === undefined ? piece : `${pending}\n${piece}`
    pending = piece.endsWith('\\') ? whole : undefined
    if (pending === undefined) lines.push(parseLine(whole))
  }
  if (pending !== undefined) lines.push(parseLine(pending))
  return lines
}

function parseLine(text: string): HbaLine {
  const { fields, comment } = tokenize(text.replaceAll('\\\n', '').replace(/\r$/, ''))
  if (fields.length === 0) return { text, active: false }
  const rule = toRule(fields, comment)
  return { text, active: true, ...defined({ rule }) }
}

type Field = readonly Word[]

/** Fields are separated by blanks, the words of one by commas, blanks after a comma do not end it; `#` outside quotes begins a comment. */
function tokenize(line: string): { readonly fields: readonly Field[]; readonly comment: string } {
  const fields: Word[][] = []
  let at = 0
  let open = false
  while (at < line.length) {
    while (at < line.length && /[\s,]/.test(line[at] ?? '')) at += 1
    if (at >= line.length) break
    if (line[at] === '#') return { fields, comment: line.slice(at + 1).trim() }
    const quoted = line[at] === '"'
    let text = ''
    let inQuotes = false
    for (; at < line.length; at += 1) {
      const letter = line[at] ?? ''
      if (letter === '"') {
        if (inQuotes && line[at + 1] === '"') {
          text += '"'
          at += 1
        } else inQuotes = !inQuotes
      } else if (!inQuotes && /[\s,#]/.test(letter)) break
      else text += letter
    }
    const word = { text, quoted }
    if (open) fields.at(-1)?.push(word)
    else fields.push([word])
    open = line[at] === ','
  }
  return { fields, comment: '' }
}

function toRule(fields: readonly Field[], comment: string): HbaRule | undefined {
  const [typeField, databases, users, ...rest] = fields
  const type = typeField?.[0]?.text ?? ''
  if (!(hbaTypes as readonly string[]).includes(type) || databases === undefined || users === undefined)
    return undefined
  const words = rest.map((field) => field.map(({ text }) => text).join(','))
  const address = type === 'local' ? '' : (words.shift() ?? '')
  const netmask = type !== 'local' && !address.includes('/') && isAddress(address) ? (words.shift() ?? '') : ''
  const method = words.shift()
  if (method === undefined || (type !== 'local' && address === '')) return undefined
  return { type, databases, users, address, netmask, method, options: words, comment }
}

/** A word as it must be written to mean the same. */
export function renderWord({ text, quoted }: Word): string {
  return quoted && isSpecialWord(text) ? pgHbaQuoted(text) : pgHbaWord(text)
}

/** `name=value` as it must be written. */
export function renderOption(option: string): string {
  const [, name = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(option) ?? []
  return pgHbaOption(name, value)
}

export function renderRule(rule: HbaRule): string {
  const list = (words: readonly Word[]) => words.map(renderWord).join(',')
  const columns = [rule.type.padEnd(7), list(rule.databases).padEnd(15), list(rule.users).padEnd(15)]
  const where = [rule.address, rule.netmask].filter((text) => text !== '').join(' ')
  const line = [...columns, where.padEnd(23), [rule.method, ...rule.options.map(renderOption)].join(' ')]
    .join(' ')
    .trimEnd()
  return rule.comment === '' ? line : `${line} # ${pgHbaComment(rule.comment)}`
}

/** What a rule is about: a file needs one rule for it. */
export function ruleKey(rule: HbaRule): string {
  const words = (list: readonly Word[]) =>
    list.map(({ text, quoted }) => (quoted && isSpecialWord(text) ? `"${text}"` : text)).sort()
  return JSON.stringify([rule.type, words(rule.databases), words(rule.users), network(rule)])
}

/** Do these rules do the same? Comments do not count. */
export function sameRule(one: HbaRule, other: HbaRule): boolean {
  const how = ({ method, options }: HbaRule) => JSON.stringify([method, [...options].sort()])
  return ruleKey(one) === ruleKey(other) && how(one) === how(other)
}

function isAddress(text: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(text) || /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(text)
}

/** An address and its mask in one spelling: `10.0.0.7/8`, `10.0.0.0 255.0.0.0` and `10.0.0.0/8` let the same in. */
function network({ address, netmask }: HbaRule): string {
  const [text = '', prefix] = address.split('/')
  const value = isAddress(text) ? bits(text) : undefined
  if (value === undefined) return address.toLowerCase()
  const mask = netmask === '' ? undefined : bits(netmask)
  const length =
    prefix !== undefined ? Number(prefix) : mask === undefined ? value.length : mask.replace(/0*$/, '').length
  return `${value.slice(0, length).padEnd(value.length, '0')}/${length}`
}

/** An address as its bits; undefined when it is none. */
function bits(text: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text))
    return text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const hex = (a: string | undefined, b: string | undefined) => ((Number(a) << 8) | Number(b)).toString(16)
  const plain = v4 === null ? text : `${v4[1]}${hex(v4[2], v4[3])}:${hex(v4[4], v4[5])}`
  const [left = '', right] = plain.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [head, tail] = [groups(left), groups(right ?? '')]
  const middle = right === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0')
  const all = [...head, ...middle, ...tail]
  if (all.length !== 8 || all.some((group) => !/^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined
  return all.map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}
