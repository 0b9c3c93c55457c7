import { postgresqlConfValue } from '../../../encode/postgres/postgresql-conf.ts'

/** One line of postgresql.conf that says something. */
export interface ConfEntry {
  /** From 0. */
  readonly line: number
  /** In small letters, as the server compares them; `include`, `include_if_exists` and `include_dir` among them. */
  readonly name: string
  /** Its value, without quotes. */
  readonly value: string
}

const entryLine = /^\s*([A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)*)(?:\s*=\s*|\s+)('(?:[^'\\]|\\.|'')*'|[^\s#']+)\s*(#.*)?$/
const includes = new Set(['include', 'include_if_exists', 'include_dir'])

export function isInclude(name: string): boolean {
  return includes.has(name)
}

/** What a configuration file says, in its order. Lines that are not valid are left out: the server reports them. */
export function parseConf(text: string): readonly ConfEntry[] {
  return text.split('\n').flatMap((content, line) => {
    const match = entryLine.exec(content.replace(/\r$/, ''))
    return match === null ? [] : [{ line, name: (match[1] ?? '').toLowerCase(), value: unquote(match[2] ?? '') }]
  })
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function unquote(value: string): string {
  if (!value.startsWith("'")) return value
  return value
    .slice(1, -1)
    .replace(/''|\\([0-7]{1,3}|.)/g, (found, letter: string | undefined) =>
      letter === undefined
        ? "'"
        : /^[0-7]/.test(letter)
          ? String.fromCharCode(parseInt(letter, 8))
          : (escapes[letter] ?? found.slice(1)),
    )
}

/** Do these two texts mean the same value of this setting? */
export type SameValue = (name: string, one: string, other: string) => boolean

/**
 * The file with these settings: a line that says so already stays as it is, the last line of a setting is changed in place, earlier ones (which have no
 * effect) go, new settings come at the end. `null` removes a setting.
 */
export function editConf(text: string, settings: ReadonlyMap<string, string | null>, same: SameValue): string {
  const lines: (string | undefined)[] = text.split('\n')
  const entries = parseConf(text)
  const added: string[] = []
  for (const [name, value] of settings) {
    const mine = entries.filter((entry) => entry.name === name.toLowerCase())
    const last = mine.at(-1)
    for (const { line } of mine) if (value === null || line !== last?.line) lines[line] = undefined
    if (value === null || (last !== undefined && same(name, last.value, value))) continue
    if (last === undefined) added.push(`${name} = ${postgresqlConfValue(value)}`)
    else lines[last.line] = `${name} = ${postgresqlConfValue(value)}${trailingComment(lines[last.line] ?? '')}`
  }
  const kept = lines.filter((line) => line !== undefined)
  if (added.length === 0) return kept.join('\n')
  if (kept.at(-1) === '') kept.pop()
  return [...kept, ...added, ''].join('\n')
}

/** The file that holds these settings and nothing else; the old text where it does so already. */
export function wholeConf(
  header: string,
  text: string | undefined,
  settings: ReadonlyMap<string, string | null>,
  same: SameValue,
): string {
  const wanted = [...settings].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  const entries = text === undefined ? undefined : parseConf(text)
  const holds =
    entries?.length === wanted.length &&
    wanted.every(([name, value]) =>
      entries.some((entry) => entry.name === name.toLowerCase() && same(name, entry.value, value)),
    )
  if (holds && text !== undefined) return text
  return [...header.split('\n'), ...wanted.map(([name, value]) => `${name} = ${postgresqlConfValue(value)}`), ''].join(
    '\n',
  )
}

/** The file with every line of these settings made a comment that says why. */
export function commentOut(text: string, names: ReadonlySet<string>, why: string): string {
  const lines = text.split('\n')
  for (const { line, name } of parseConf(text)) if (names.has(name)) lines[line] = `#${lines[line] ?? ''}  # ${why}`
  return lines.join('\n')
}

function trailingComment(line: string): string {
  const comment = entryLine.exec(line.replace(/\r$/, ''))?.[3]
  return comment === undefined ? '' : `  ${comment}`
}
