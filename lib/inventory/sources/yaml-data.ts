import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Place } from '../../error.ts'
import { inputError } from '../model.ts'
import { deepestNesting, rawFromJson, tooDeep, unwrapJson } from './json-data.ts'
import { integerValue } from '../values/literal-number.ts'
import { isMapping, type Raw, type RawMapping, UnsafeText, VaultText } from '../values/value.ts'
import { plainScalar, taggedScalar } from './yaml-scalar.ts'

export interface YamlData {
  readonly data: Raw
  /** Where a key of one of the mappings in the data stands. */
  keyPlace(mapping: RawMapping, key: string): Place
}

export interface YamlOptions {
  readonly warn?: (message: string, place: Place) => void
}

const most = 1_000_000

/**
 * Reads a YAML 1.1 or JSON text the way Ansible does: `!vault` and `!unsafe` values, merge keys, the last of equal keys wins.
 *
 * @example
 * readYaml('mode: 0644\n', 'web.yml').data // { mode: 420 }
 */
export function readYaml(text: string, file: string, { warn = () => {} }: YamlOptions = {}): YamlData {
  const json = parseJson(text)
  const lines = new LineCounter()
  const document = parsed(text, file, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const broken = document.errors[0]
  if (broken === undefined) {
    const reader = new DocumentReader(document, placeAt, warn, json !== undefined)
    return { data: reader.read(), keyPlace: (mapping, key) => reader.places.get(mapping)?.get(key) ?? { file } }
  }
  // Valid JSON is accepted even where a YAML parser fails on it; its values have no line numbers then.
  if (json !== undefined) return { data: rawFromJson(json.value, { file }), keyPlace: () => ({ file }) }
  throw inputError(
    `this is not YAML: ${broken.message.replace(/ in YAML stream: .*/s, '')}`,
    placeAt(broken.pos[0]),
    'mend the file; blanks indent, tabs do not',
  )
}

/** Its parser calls itself for each level, and V8 ends the process where a regular expression has no stack left: such a text never gets there. */
function parsed(text: string, file: string, options: Parameters<typeof parseDocument>[1]): Document.Parsed {
  if (opensTooMany(text)) throw tooDeep({ file })
  return parseDocument(text, options)
}

/** More brackets, or dashes of one line, are open at a time than values may be nested. What is quoted or a comment counts as well, so the limit is a wide one. */
function opensTooMany(text: string): boolean {
  let open = 0
  for (const [sign] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (sign === '[' || sign === '{' ? 1 : -1))
    if (open > 4 * deepestNesting) return true
  }
  return new RegExp(`(?:[-?:] +){${deepestNesting}}`).test(text)
}

class DocumentReader {
  readonly places = new WeakMap<object, ReadonlyMap<string, Place>>()
  readonly #document: Document.Parsed
  readonly #placeAt: (offset: number) => Place
  readonly #warn: (message: string, place: Place) => void
  readonly #isJson: boolean
  readonly #done = new Map<Node, Raw>()
  readonly #open = new Set<Node>()
  readonly #sizes = new WeakMap<object, number>()

  constructor(
    document: Document.Parsed,
    placeAt: (offset: number) => Place,
    warn: (message: string, place: Place) => void,
    isJson: boolean,
  ) {
    this.#document = document
    this.#placeAt = placeAt
    this.#warn = warn
    this.#isJson = isJson
  }

  read(): Raw {
    return this.#value(this.#document.contents, false)
  }

  #value(node: Node | null, unsafe: boolean): Raw {
    if (node === null) return null
    if (isAlias(node)) return this.#value(this.#target(node), unsafe)
    const done = this.#done.get(node)
    if (done !== undefined) return done
    if (this.#open.size > deepestNesting) throw tooDeep(this.#place(node))
    if (this.#open.has(node)) throw inputError('a value contains itself through its alias', this.#place(node))
    this.#open.add(node)
    const value = this.#read(node, unsafe)
    this.#open.delete(node)
    this.#done.set(node, value)
    this.#measure(value, node)
    return value
  }

  /** Counts what a value stands for once its aliases are written out, so that a few lines cannot fill the memory later. */
  #measure(value: Raw, node: Node): void {
    if (value === null || typeof value !== 'object') return
    const inner = Array.isArray(value) ? (value as readonly Raw[]) : isMapping(value) ? Object.values(value) : []
    const sizeOf = (item: Raw): number => (item !== null && typeof item === 'object' ? (this.#sizes.get(item) ?? 1) : 1)
    const size = inner.reduce((sum: number, item) => sum + sizeOf(item), 1)
    if (size > most) throw inputError(`its aliases stand for more than ${most} values`, this.#place(node))
    this.#sizes.set(value, size)
  }

  #read(node: Exclude<Node, Alias>, unsafe: boolean): Raw {
    if (isScalar(node)) return this.#scalar(node, unsafe)
    const tag = node.tag?.replace('tag:yaml.org,2002:', '')
    if (tag !== undefined && !['!unsafe', '!', 'map', 'seq'].includes(tag)) throw this.#unknownTag(node)
    const inner = unsafe || tag === '!unsafe'
    if (!isMap(node)) return node.items.map((item) => this.#value(item as Node | null, inner))
    return this.#unwrapped(this.#mapping(node, inner), node)
  }

  #scalar(node: Scalar, unsafe: boolean): Raw {
    const text = node.source ?? String(node.value ?? '')
    const tag = node.tag
    if (tag === '!vault' || tag === '!vault-encrypted') return new VaultText(text, this.#place(node))
    if (tag === '!unsafe' || (unsafe && node.type !== 'PLAIN')) return new UnsafeText(text)
    if (tag === undefined) {
      if (node.type !== 'PLAIN') return text
      const plain = this.#isJson ? jsonScalar(text) : plainScalar(text)
      return unsafe && typeof plain === 'string' ? new UnsafeText(plain) : plain
    }
    if (tag === '!') return text
    const found = taggedScalar(tag.replace('tag:yaml.org,2002:', ''), text)
    if (found === undefined) throw this.#unknownTag(node)
    return found.value
  }

  #mapping(node: YAMLMap, unsafe: boolean): RawMapping {
    const merged: [string, Raw, Place][] = []
    const own = new Map<string, [Raw, Place]>()
    for (const { key, value } of node.items as { key: Node | null; value: Node | null }[]) {
      const place = this.#place(key)
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && !this.#isJson)
        merged.push(...this.#merged(value, unsafe))
      else {
        const name = this.#key(key)
        if (own.delete(name)) this.#warn(`the key "${name}" stands here twice; the last one counts`, place)
        own.set(name, [this.#value(value, unsafe), place])
      }
    }
    const entries = new Map<string, [Raw, Place]>([
      ...merged.map(([name, value, place]): [string, [Raw, Place]] => [name, [value, place]]),
      ...own,
    ])
    const mapping = Object.fromEntries([...entries].map(([name, [value]]) => [name, value]))
    this.places.set(mapping, new Map([...entries].map(([name, [, place]]) => [name, place])))
    return mapping
  }

  /** The entries that `<<` brings in; of several mappings the first wins. */
  #merged(node: Node | null, unsafe: boolean): [string, Raw, Place][] {
    const value = this.#value(node, unsafe)
    const mappings = Array.isArray(value) ? [...(value as readonly Raw[])].reverse() : [value]
    return mappings.flatMap((mapping) => {
      if (!isMapping(mapping)) throw inputError('<< can only merge mappings', this.#place(node))
      const places = this.places.get(mapping)
      return Object.entries(mapping).map(([name, item]): [string, Raw, Place] => [
        name,
        item,
        places?.get(name) ?? this.#placeAt(0),
      ])
    })
  }

  #key(node: Node | null): string {
    const key = this.#value(node, false)
    if (key instanceof UnsafeText) return key.text
    if (key !== null && typeof key === 'object') throw inputError('a key must be a plain text', this.#place(node))
    return String(key)
  }

  /** JSON has no tags, so Ansible writes these two as a mapping with one special key. */
  #unwrapped(mapping: RawMapping, node: Node): Raw {
    if (!this.#isJson) return mapping
    return unwrapJson(mapping, this.#place(node)) ?? mapping
  }

  #target(alias: Alias): Node | null {
    const target = alias.resolve(this.#document)
    if (target === undefined)
      throw inputError('this alias has no anchor', this.#place(alias), 'quote a text that begins with *')
    return target
  }

  #unknownTag(node: Node): Error {
    return inputError(
      'the tag here is not known, or its value does not fit it',
      this.#place(node),
      'known are !vault and !unsafe; quote a text that begins with !',
    )
  }

  #place(node: Node | null): Place {
    return this.#placeAt(node?.range?.[0] ?? 0)
  }
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function jsonScalar(text: string): null | boolean | number | string {
  return /^-?[0-9]+$/.test(text) ? integerValue(text) : (JSON.parse(text) as null | boolean | number)
}
