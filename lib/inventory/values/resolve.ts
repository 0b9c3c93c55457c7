import { type Expression, isTemplate, parseTemplate } from './jinja.ts'
import { pythonText } from './python-text.ts'
import { isMapping, type Raw, UnsafeText, type Value, VaultText } from './value.ts'

/** What the resolver may ask for. */
export interface Scope {
  /** What every host knows without being told; it needs no resolving. */
  magic(host: string, name: string): Value | undefined
  /** A variable of a host as it was written. */
  variable(host: string, name: string): Raw | undefined
  hasHost(host: string): boolean
}

/** A value with its references resolved; references that could not be resolved keep their braces, and are listed here. */
export interface Resolved {
  readonly value: Value
  readonly problems: readonly ValueProblem[]
}

/** Why a part of a value could not be resolved. */
export interface ValueProblem {
  /** The text that stays as it was written. */
  readonly text: string
  /** What is missing or not supported. */
  readonly reason: string
  /** Something in it has no value yet; play variables or facts may still bring it. */
  readonly missing: boolean
}

/** The result of an expression: a value, a host out of `hostvars`, `hostvars` itself, or why there is none. */
type Resolution =
  | { readonly value: Value }
  | { readonly host: string }
  | { readonly hosts: true }
  | { readonly reason: string; readonly missing: boolean }

/**
 * Resolves the variables of one inventory, each once, following references from variable to variable and from host to host.
 *
 * @example
 * new Resolver(scope).variable('db1', 'replica_host') // { value: '10.0.0.2', problems: [] }
 */
export class Resolver {
  readonly #scope: Scope
  readonly #done = new Map<string, Resolved | 'open'>()

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /** Undefined if the host has no such variable. Throws for a vault value that does not decrypt. */
  variable(host: string, name: string): Resolved | undefined {
    const magic = this.#scope.magic(host, name)
    if (magic !== undefined) return { value: magic, problems: [] }
    const raw = this.#scope.variable(host, name)
    if (raw === undefined) return undefined
    const key = JSON.stringify([host, name])
    const done = this.#done.get(key)
    if (done === 'open') {
      const reason = `${name} refers to itself`
      return { value: plain(raw), problems: [{ text: name, reason, missing: false }] }
    }
    if (done !== undefined) return done
    this.#done.set(key, 'open')
    try {
      const problems: ValueProblem[] = []
      const value = this.#value(host, raw, problems)
      const resolved = { value, problems }
      this.#done.set(key, resolved)
      return resolved
    } finally {
      if (this.#done.get(key) === 'open') this.#done.delete(key)
    }
  }

  #value(host: string, raw: Raw, problems: ValueProblem[]): Value {
    if (typeof raw === 'string') return isTemplate(raw) ? this.#template(host, raw, problems) : raw
    if (Array.isArray(raw)) return (raw as readonly Raw[]).map((item) => this.#value(host, item, problems))
    if (!isMapping(raw)) return plain(raw)
    return Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, this.#value(host, item, problems)]))
  }

  #template(host: string, text: string, problems: ValueProblem[]): Value {
    const template = parseTemplate(text)
    if ('unsupported' in template) {
      const reason = `Jinja beyond references and default() is not supported: ${template.unsupported}`
      problems.push({ text, reason, missing: false })
      return text
    }
    const values: Value[] = []
    for (const part of template.parts) {
      const outcome = typeof part === 'string' ? { value: part } : this.#evaluate(host, part)
      if ('value' in outcome) values.push(outcome.value)
      else {
        const problem =
          'reason' in outcome ? outcome : { reason: 'hostvars stands for no value by itself', missing: false }
        problems.push({ text, ...problem })
        return text
      }
    }
    const [first] = values
    // A reference alone keeps its type; within a text everything is text, and nothing is empty text.
    if (template.parts.length === 1 && first !== undefined) return first
    return values.map((value) => (value === null ? '' : pythonText(value))).join('')
  }

  #evaluate(host: string, expression: Expression): Resolution {
    switch (expression.kind) {
      case 'constant':
        return { value: expression.value }
      case 'name':
        return expression.name === 'hostvars' ? { hosts: true } : this.#lookUp(host, expression.name)
      case 'inside':
        return this.#inside(host, expression.of, expression.key)
      case 'default': {
        const outcome = this.#evaluate(host, expression.of)
        const absent = 'reason' in outcome && outcome.missing
        const empty = expression.alsoIfEmpty && 'value' in outcome && isEmpty(outcome.value)
        return absent || empty ? this.#evaluate(host, expression.otherwise) : outcome
      }
    }
  }

  #lookUp(host: string, name: string): Resolution {
    const resolved = this.variable(host, name)
    if (resolved === undefined) return { reason: `${name} is not defined for ${host}`, missing: true }
    const [problem] = resolved.problems
    return problem === undefined ? { value: resolved.value } : { reason: problem.reason, missing: problem.missing }
  }

  #inside(host: string, of: Expression, keyed: Expression): Resolution {
    const container = this.#evaluate(host, of)
    const found = this.#evaluate(host, keyed)
    if ('reason' in container) return container
    if ('reason' in found) return found
    if (!('value' in found) || (typeof found.value !== 'string' && typeof found.value !== 'number'))
      return { reason: 'a key must be a text or a number', missing: false }
    const key = found.value
    if ('hosts' in container) {
      const name = String(key)
      return this.#scope.hasHost(name) ? { host: name } : { reason: `there is no host ${name}`, missing: true }
    }
    if ('host' in container) return this.#lookUp(container.host, String(key))
    const value = member(container.value, key)
    return value === undefined ? { reason: `there is no "${key}" in it`, missing: true } : { value }
  }
}

function member(value: Value, key: string | number): Value | undefined {
  if (value === null || typeof value !== 'object') return undefined
  if (Array.isArray(value)) return typeof key === 'number' ? (value as readonly Value[]).at(key) : undefined
  return Object.hasOwn(value, key) ? (value as { readonly [key: string]: Value })[key] : undefined
}

function isEmpty(value: Value): boolean {
  if (value === null || typeof value !== 'object') return !value
  return Object.keys(value).length === 0
}

/** A value without looking at braces: vault text decrypted, unsafe text bare. */
function plain(raw: Raw): Value {
  if (raw instanceof UnsafeText) return raw.text
  if (raw instanceof VaultText) {
    if (raw.decrypted !== undefined && 'text' in raw.decrypted) return raw.decrypted.text
    throw raw.decrypted?.error ?? new Error('vault text was never decrypted')
  }
  if (Array.isArray(raw)) return (raw as readonly Raw[]).map(plain)
  if (!isMapping(raw)) return raw as null | boolean | number | string
  return Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, plain(item)]))
}
