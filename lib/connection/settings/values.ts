import { HostwrightError } from '../../error.ts'
import { Secret } from '../../secret.ts'

/** Reads connection variables whatever type they arrived with; a value that cannot be meant is an error that names its variable. */
export class Values {
  readonly #vars: Readonly<Record<string, unknown>>
  readonly #host: string

  constructor(host: string, vars: Readonly<Record<string, unknown>>) {
    this.#host = host
    this.#vars = vars
  }

  text(...names: readonly string[]): string | undefined {
    return this.#first(names, (value, name) => {
      if (value instanceof Secret) return value.reveal()
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
      return this.bad(name, value, 'text')
    })
  }

  secret(...names: readonly string[]): Secret | undefined {
    return this.#first(names, (value, name) => {
      if (value instanceof Secret) return value
      if (typeof value === 'string' || typeof value === 'number') return new Secret(String(value))
      return this.bad(name, '(a secret)', 'text')
    })
  }

  flag(...names: readonly string[]): boolean | undefined {
    return this.#first(names, (value, name) => asFlag(value) ?? this.bad(name, value, 'yes or no'))
  }

  integer(least: number, most: number, ...names: readonly string[]): number | undefined {
    return this.#first(names, (value, name) => {
      const number = asInteger(value)
      if (number !== undefined && number >= least && number <= most) return number
      return this.bad(name, value, `a whole number from ${least} to ${most}`)
    })
  }

  choice<T extends string>(choices: readonly T[], ...names: readonly string[]): T | undefined {
    return this.#first(names, (value, name) => {
      const text = value instanceof Secret ? value.reveal() : value
      return choices.find((choice) => choice === text) ?? this.bad(name, value, `one of ${choices.join(', ')}`)
    })
  }

  raw(name: string): unknown {
    return this.#vars[name]
  }

  bad(name: string, value: unknown, wanted: string): never {
    const shown = value instanceof Secret ? '********' : JSON.stringify(value)
    throw new HostwrightError(`${name} is ${shown}, which is not ${wanted}`, {
      kind: 'input',
      host: this.#host,
      next: `correct ${name} in the inventory or the variables of ${this.#host}`,
    })
  }

  #first<T>(names: readonly string[], read: (value: unknown, name: string) => T): T | undefined {
    for (const name of names) {
      const value = this.#vars[name]
      // An empty value is Ansible's way to say “not set” in an inventory.
      if (value !== undefined && value !== null && value !== '') return read(value, name)
    }
    return undefined
  }
}

export function asFlag(value: unknown): boolean | undefined {
  const plain = value instanceof Secret ? value.reveal() : value
  const text = typeof plain === 'string' || typeof plain === 'number' ? String(plain).trim().toLowerCase() : plain
  if (text === true || ['yes', 'true', 'on', 'y', 't', '1'].includes(String(text))) return true
  if (text === false || ['no', 'false', 'off', 'n', 'f', '0'].includes(String(text))) return false
  return undefined
}

export function asInteger(value: unknown): number | undefined {
  const plain = value instanceof Secret ? value.reveal() : value
  if (typeof plain === 'number') return Number.isInteger(plain) ? plain : undefined
  if (typeof plain === 'string' && /^\s*-?\d+\s*$/.test(plain)) return Number(plain)
  return undefined
}
