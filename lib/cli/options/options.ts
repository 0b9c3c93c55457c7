import { defined } from '../../defined.ts'
import { parseArgs } from 'node:util'
import { nearest } from '../../schema/nearest.ts'
import { UsageError } from './usage-error.ts'
import { booleanOf } from '../../schema/boolean.ts'

/** One option of a command, as its table tells it. */
export interface Option {
  readonly short?: string
  readonly aliases?: readonly string[]
  /** The name of its argument in the help. An option without one is a flag. */
  readonly value?: string
  readonly choices?: readonly string[]
  /** Environment variables that say the same, the first that is set; the command line wins. */
  readonly env?: readonly string[]
  readonly help: string
}

/** Options by their long name. */
export type Options = Readonly<Record<string, Option>>
export type Environment = Readonly<Record<string, string | undefined>>

/** What a command line and its environment say, asked for by the names of the table. */
export class Given<Name extends string> {
  readonly operands: readonly string[]
  readonly #flags: ReadonlyMap<string, number>
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(
    operands: readonly string[],
    flags: ReadonlyMap<string, number>,
    values: ReadonlyMap<string, readonly string[]>,
  ) {
    this.operands = operands
    this.#flags = flags
    this.#values = values
  }

  flag(name: Name): boolean {
    return this.count(name) > 0
  }

  /** How often a flag was given: `-vvv` is 3. */
  count(name: Name): number {
    return this.#flags.get(name) ?? 0
  }

  values(name: Name): readonly string[] {
    return this.#values.get(name) ?? []
  }

  /** The last one counts, as in Ansible. */
  value(name: Name): string | undefined {
    return this.values(name).at(-1)
  }

  number(name: Name, least: number): number | undefined {
    const text = this.value(name)
    if (text === undefined) return undefined
    const number = /^\d+$/.test(text.trim()) ? Number(text) : NaN
    if (number >= least) return number
    throw new UsageError(`--${name} wants a whole number from ${least} on, not "${text}"`)
  }
}

/**
 * Reads a command line by a table of options. Options may stand before, between and behind the operands; what is unknown or
 * incomplete is an error of usage.
 *
 * @example
 * parseOptions({ check: { short: 'C', help: '…' } }, ['site.ts', '-C'], {}).flag('check') // true
 */
export function parseOptions<const T extends Options>(
  table: T,
  argv: readonly string[],
  env: Environment,
): Given<keyof T & string> {
  const flags = new Map<string, number>()
  const values = new Map<string, string[]>()
  const names = namesOf(table)
  const { tokens } = parseArgs({
    args: [...argv],
    options: forParseArgs(table),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const name = names.get(token.name)
    const option = name === undefined ? undefined : table[name]
    if (name === undefined || option === undefined) throw unknownOption(token.rawName, [...names.keys()])
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no argument`)
      flags.set(name, (flags.get(name) ?? 0) + 1)
    } else {
      if (token.value === undefined) throw new UsageError(`${token.rawName} wants an argument: ${option.value}`)
      checkChoice(token.rawName, option, token.value)
      values.set(name, [...(values.get(name) ?? []), token.value])
    }
  }
  addEnvironment(table, env, flags, values)
  return new Given(operands, flags, values)
}

/** Every long name, alias included, with the name it is known by in the table. */
function namesOf(table: Options): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([name, { aliases = [] }]) =>
      [name, ...aliases].map((alias) => [alias, name] as const),
    ),
  )
}

function forParseArgs(table: Options): Record<string, { type: 'string' | 'boolean'; multiple: true; short?: string }> {
  const entries = Object.entries(table).flatMap(([name, { short, aliases = [], value }]) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const)
    const main = { type, multiple: true as const, ...defined({ short }) }
    return [[name, main] as const, ...aliases.map((alias) => [alias, { type, multiple: true as const }] as const)]
  })
  return Object.fromEntries(entries)
}

function unknownOption(written: string, names: readonly string[]): UsageError {
  const bare = written.replace(/^-+/, '')
  const begun = names.filter((name) => bare.length > 1 && name.startsWith(bare))
  const meant = written.startsWith('--') ? (begun[0] ?? nearest(bare, names)) : undefined
  return new UsageError(`unknown option ${written}${meant === undefined ? '' : ` — did you mean --${meant}?`}`)
}

function checkChoice(written: string, { choices }: Option, value: string): void {
  if (choices === undefined || choices.includes(value)) return
  const meant = nearest(value, choices)
  const hint = meant === undefined ? '' : ` — did you mean "${meant}"?`
  throw new UsageError(`${written} takes ${choices.join(', ')}, not "${value}"${hint}`)
}

function addEnvironment(
  table: Options,
  env: Environment,
  flags: Map<string, number>,
  values: Map<string, string[]>,
): void {
  for (const [name, option] of Object.entries(table)) {
    const variable = option.env?.find((key) => (env[key] ?? '') !== '')
    const text = variable === undefined ? undefined : env[variable]
    if (variable === undefined || text === undefined || flags.has(name) || values.has(name)) continue
    if (option.value !== undefined) {
      checkChoice(variable, option, text)
      values.set(name, [text])
    } else if (booleanOf(text) === true) flags.set(name, 1)
  }
}
