import { Script } from 'node:vm'

/** The error of a template that does not compile, with its line where that can be told. */
export interface TemplateTrouble {
  readonly message: string
  readonly line?: number
}

/**
 * @param source - the template.
 * @param made - the JavaScript that ejs made of it, which counts the template's lines in `__line`.
 */
export function templateTrouble(source: string, made: string, thrown: unknown): TemplateTrouble {
  const open = openTag(source)
  if (open !== undefined) return { message: `the tag ${open.tag} is never closed`, line: open.line }
  const lines = made.split('\n')
  const error = syntaxError(made)
  if (error === undefined)
    return { message: (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '' }
  if (error.line > lines.length) return { message: 'a { or ( is opened and never closed' }
  return { message: error.message, line: templateLine(lines.slice(0, error.line)) }
}

function openTag(source: string): { readonly tag: string; readonly line: number } | undefined {
  let open: { tag: string; at: number } | undefined
  for (const match of source.matchAll(/<%%|%%>|<%[_=#-]?|[_-]?%>/g)) {
    const [tag] = match
    if (tag === '<%%' || tag === '%%>') continue
    if (tag.startsWith('<')) {
      if (open !== undefined) break
      open = { tag, at: match.index }
    } else open = undefined
  }
  return open === undefined ? undefined : { tag: open.tag, line: source.slice(0, open.at).split('\n').length }
}

/** Compiles it as a script, because errors of `new Function` have no line. */
function syntaxError(made: string): { readonly message: string; readonly line: number } | undefined {
  try {
    new Script(`(function () {\n${made}\n})`, { filename: 'template' })
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined
    const line = Number(/^template:(\d+)/.exec(error.stack ?? '')?.[1] ?? 1)
    return { message: error.message, line: line - 1 }
  }
}

/** ejs begins each piece with `; `, and says the line after each piece that had several; other lines are those of a tag. */
function templateLine(lines: readonly string[]): number {
  let line = 1
  for (const text of lines) {
    const said = /^ *; __line = (\d+)$/.exec(text)?.[1]
    if (said !== undefined) line = Number(said)
    else if (!/^ *(; |var |function |with )/.test(text)) line += 1
  }
  return line
}
