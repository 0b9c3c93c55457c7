import { type HostwrightError, InputErrors, type Place } from '../../error.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { parseAddress } from '../address.ts'
import { splitLines, strip } from './lines.ts'
import { parseLiteral } from '../values/literal.ts'
import { type GroupNode, inputError, type InventoryModel } from '../model.ts'
import { expandRanges } from './ranges.ts'
import { splitWords, type Word } from '../../words.ts'

const sectionKinds = ['hosts', 'vars', 'children'] as const
type SectionKind = (typeof sectionKinds)[number]

const section = /^\[([^:\]\s]+)(?::([\p{L}\p{N}_]+))?\]\s*(?:#.*)?$/u
const groupLine = /^([^:\]\s]+)\s*(?:#.*)?$/

interface Awaited {
  readonly name: string
  readonly kind: 'vars' | 'children'
  readonly place: Place
  readonly parents: { readonly group: GroupNode; readonly place: Place }[]
}

/**
 * Reads an INI inventory into the model, in Ansible's dialect. Every broken line is reported, and one is enough to refuse the file.
 *
 * @example
 * readIni('[web]\nweb[1:2] ansible_user=deploy\n', 'hosts.ini', model)
 */
export function readIni(text: string, file: string, model: InventoryModel): void {
  const errors = new IniReader(file, model).read(text)
  if (errors.length === 1 && errors[0] !== undefined) throw errors[0]
  if (errors.length > 0) throw new InputErrors(errors)
}

class IniReader {
  readonly #file: string
  readonly #model: InventoryModel
  /** Groups that were named before they were declared. */
  readonly #awaited = new Map<string, Awaited>()
  #group: GroupNode
  #kind: SectionKind = 'hosts'

  constructor(file: string, model: InventoryModel) {
    this.#file = file
    this.#model = model
    this.#group = model.addGroup('ungrouped')
  }

  read(text: string): HostwrightError[] {
    const errors: HostwrightError[] = []
    const lines = splitLines(text.replace(/^\ufeff/, ''))
    for (const [index, whole] of lines.entries()) {
      const line = strip(whole)
      if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
      const place = { file: this.#file, line: index + 1, column: whole.indexOf(line) + 1 }
      const error = this.#line(line, place)
      if (error !== undefined) errors.push(error)
    }
    return [...errors, ...this.#undeclared()]
  }

  #line(line: string, place: Required<Place>): HostwrightError | undefined {
    const header = section.exec(line)
    if (header !== null) return this.#section(header[1] ?? '', header[2] ?? 'hosts', place)
    if (line.startsWith('[') && line.endsWith(']'))
      return inputError(
        'this is not a section',
        place,
        'write [group], [group:vars] or [group:children], without blanks',
      )
    if (/^\[[^\][\s=]+$/.test(line)) return inputError('the section heading does not close', place, 'end it with ]')
    if (this.#kind === 'vars') return this.#variable(line, place)
    if (this.#kind === 'children') return this.#child(line, place)
    return this.#host(line, place)
  }

  #section(name: string, kind: string, place: Place): HostwrightError | undefined {
    const known = sectionKinds.find((each) => each === kind)
    if (known === undefined)
      return inputError(
        `[${name}:${kind}] is not a section${didYouMean(kind, sectionKinds)}`,
        place,
        `write [${name}], [${name}:vars] or [${name}:children]`,
      )
    this.#kind = known
    const isNew = !this.#model.groups.has(name)
    this.#group = this.#model.addGroup(name, place)
    if (known === 'vars') {
      if (isNew && !this.#awaited.has(name)) this.#awaited.set(name, { name, kind: 'vars', place, parents: [] })
      return undefined
    }
    const awaited = this.#awaited.get(name)
    this.#awaited.delete(name)
    return this.#link(awaited?.parents ?? [], this.#group)
  }

  #link(parents: Awaited['parents'], child: GroupNode): HostwrightError | undefined {
    return attempt(() => {
      for (const parent of parents) this.#model.addChild(parent.group, child, parent.place)
    })
  }

  #child(line: string, place: Place): HostwrightError | undefined {
    const name = groupLine.exec(line)?.[1]
    if (name === undefined)
      return inputError('this is not a group name', place, 'write one group a line; variables go into [group:vars]')
    const parent = { group: this.#group, place }
    const known = this.#model.groups.get(name)
    if (known !== undefined) return this.#link([parent], known)
    const awaited = this.#awaited.get(name)
    if (awaited === undefined) this.#awaited.set(name, { name, kind: 'children', place, parents: [parent] })
    else awaited.parents.push(parent)
    return undefined
  }

  #variable(line: string, place: Place): HostwrightError | undefined {
    const equals = line.indexOf('=')
    const name = strip(line.slice(0, Math.max(equals, 0)))
    if (name === '') return inputError('expected name=value', place, 'write name=value')
    const value = parseLiteral(strip(line.slice(equals + 1)))
    return attempt(() => this.#model.setGroupVariable(this.#group, name, { value, place }))
  }

  #host(line: string, place: Required<Place>): HostwrightError | undefined {
    const split = splitWords(line, { comments: true })
    const at = (column: number): Place => ({ ...place, column: place.column + column - 1 })
    if ('error' in split) return inputError(split.error, at(split.column), split.next)
    const [pattern, ...words] = split.words
    if (pattern === undefined) return undefined
    const found = hostNames(pattern.text)
    if ('error' in found) return inputError(found.error, at(pattern.column), found.next)
    const variables = words.map((word) => ({ ...assignment(word), place: at(word.column) }))
    const wrong = variables.find((variable) => 'error' in variable)
    if (wrong !== undefined && 'error' in wrong) return inputError(wrong.error, wrong.place, wrong.next)
    return attempt(() => {
      for (const name of found.hosts) {
        const host = this.#model.addHost(name, this.#group, at(pattern.column), found.port)
        for (const variable of variables)
          if ('name' in variable) host.vars.set(variable.name, { value: variable.value, place: variable.place })
      }
    })
  }

  #undeclared(): HostwrightError[] {
    return [...this.#awaited.values()].map(({ name, kind, place }) => {
      const hint = didYouMean(
        name,
        [...this.#model.groups.keys()].filter((each) => each !== name),
      )
      const what = kind === 'vars' ? `[${name}:vars] sets variables of` : 'children names'
      return inputError(`${what} the group ${name}, which is declared nowhere${hint}`, place, `declare it: [${name}]`)
    })
  }
}

interface Complaint {
  readonly error: string
  readonly next: string
}

/** The hosts that the first word of a line stands for, and their port. */
export function hostNames(pattern: string): { hosts: readonly string[]; port?: number } | Complaint {
  const address = parseAddress(pattern)
  const expanded = expandRanges(address?.host ?? pattern)
  if ('error' in expanded)
    return { error: expanded.error, next: 'write [begin:end] or [begin:end:step], as in web[01:12]' }
  if (pattern.endsWith(':') && address?.port === undefined)
    return {
      error: `"${pattern}" ends in a colon`,
      next: 'write a port behind it, or remove it (YAML needs a .yml file)',
    }
  if (expanded.hosts.includes('---'))
    return { error: '"---" begins a YAML file', next: 'give the file the ending .yml' }
  return address?.port === undefined ? expanded : { ...expanded, port: address.port }
}

function assignment({ text }: Word): { name: string; value: ReturnType<typeof parseLiteral> } | Complaint {
  const equals = text.indexOf('=')
  if (equals > 0) return { name: text.slice(0, equals), value: parseLiteral(text.slice(equals + 1)) }
  const next = text.startsWith(';')
    ? 'a comment behind a host begins with #'
    : 'write name=value without blanks around =; quote a value with blanks: name="a b"'
  return { error: 'expected name=value', next }
}

function attempt(work: () => void): HostwrightError | undefined {
  try {
    work()
    return undefined
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'HostwrightError') return thrown as HostwrightError
    throw thrown
  }
}
