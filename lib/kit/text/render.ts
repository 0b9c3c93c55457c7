import { defined } from '../../defined.ts'
import { createRequire } from 'node:module'
import type Ejs from 'ejs'
import { CannotEncode, encode } from '../../encode/index.ts'
import { HostwrightError } from '../../error.ts'
import { didYouMean } from '../../schema/index.ts'
import { Secret } from '../../secret.ts'
import { templateTrouble } from './template-trouble.ts'

/** Another template by its name, for `include('…')`. */
export type Include = (name: string) => { readonly path: string; readonly source: string }

type Body = (
  locals: object,
  escapeFn: (value: unknown) => string,
  include: (name: string, more?: object) => string,
  failed: (error: unknown, line: number) => never,
  encoders: typeof encode,
) => string

/**
 * An EJS template with its variables filled in. `<%= %>` writes values as they are, without HTML's escapes, and the text of secrets. A name that nobody has
 * defined is an error that tells where the template uses it. `encode` holds the encoders of configuration formats, unless a variable has that name. What the variables themselves throw when they are touched goes through unchanged.
 *
 * @throws HostwrightError of kind `input`, with the file and line of the template.
 */
export function renderTemplate(path: string, source: string, locals: object, include: Include = noInclude): string {
  const body = compiled(path, source.replaceAll(/\r\n?/g, '\n'))
  return body(
    locals,
    written,
    (name, more = {}) => {
      const inner = include(name)
      return renderTemplate(inner.path, inner.source, variablesOver(locals, more), include)
    },
    (error, line) => {
      if (error instanceof CannotEncode) throw error.at({ place: { file: path, line } })
      throw fromTemplate(error) ? explained(error, path, line, locals) : error
    },
    encode,
  )
}

/** Both sets of variables in one object; those of `above` win. No value is read: some are only known on the host, and reading them would throw. */
export function variablesOver(below: object, above: object): object {
  return Object.create(below, Object.getOwnPropertyDescriptors(above)) as object
}

const cache = new Map<string, { readonly source: string; readonly body: Body }>()

/** A template is compiled once, although it is rendered before the run, in each plan and for each host. */
function compiled(path: string, source: string): Body {
  const cached = cache.get(path)
  if (cached?.source === source) return cached.body
  const body = compile(path, source)
  cache.set(path, { source, body })
  return body
}

let ejs: typeof Ejs | undefined

/** ejs makes the JavaScript, with its lines counted; how it is run and what its errors say is ours, because ejs would rewrite every error that passes. */
function compile(path: string, source: string): Body {
  ejs ??= createRequire(import.meta.url)('ejs') as typeof Ejs
  const template = new ejs.Template(source, { filename: path, compileDebug: true, rmWhitespace: false })
  try {
    template.compile()
    const text = `let __line = 1\ntry {\n${template.source}\n} catch (error) { failed(error, __line) }`
    return new Function('locals', 'escapeFn', 'include', 'failed', 'encode', text) as Body
  } catch (error) {
    const { message, line } = templateTrouble(source, template.source ?? '', error)
    throw new HostwrightError(`the template is no valid EJS: ${message}`, {
      kind: 'input',
      place: { file: path, ...defined({ line }) },
      next: 'look for a tag that is not closed, or a bracket that is missing',
      cause: error,
    })
  }
}

class NothingToWrite extends TypeError {}

/** What `<%= %>` writes. An undefined value would be a hole in a configuration file. */
function written(value: unknown): string {
  if (value === undefined)
    throw new NothingToWrite("the value is undefined; write `?? ''` after it where it may be missing")
  if (value === null) return ''
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(written).join(',')
  if (typeof value === 'object' && Object.prototype.toString.call(value) === '[object Object]')
    throw new NothingToWrite('the value is an object; write one of its properties, or JSON.stringify(…)')
  return String(value)
}

function fromTemplate(error: unknown): error is Error {
  return error instanceof ReferenceError || error instanceof SyntaxError || error instanceof TypeError
}

function explained(error: Error, path: string, line: number, locals: object): HostwrightError {
  const name = /^(\S+) is not defined$/.exec(error.message)?.[1]
  const place = { file: path, line }
  if (name !== undefined)
    return new HostwrightError(`"${name}" is not defined${didYouMean(name, namesOf(locals))}`, {
      kind: 'input',
      place,
      next: `define ${name} in the inventory, the play's vars or with -e`,
    })
  return new HostwrightError(`the template cannot be rendered: ${error.message}`, {
    kind: 'input',
    place,
    next: 'correct that line of the template, or the variable it uses',
    cause: error,
  })
}

function namesOf(locals: object): readonly string[] {
  const names: string[] = []
  for (
    let at: object | null = locals;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    names.push(...Reflect.ownKeys(at).filter((key) => typeof key === 'string'))
  return names
}

function noInclude(name: string): never {
  throw new HostwrightError(`there is nowhere to include "${name}" from`, { kind: 'input', next: 'write it out' })
}
