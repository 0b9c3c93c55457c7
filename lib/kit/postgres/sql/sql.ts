import { HostwrightError } from '../../../error.ts'
import { pg } from '../../../host/postgres/pg.ts'

/** A piece of SQL in which every name and value is quoted. For statements in which the server binds no parameters (CREATE ROLE and the like). */
export class Sql {
  /** The SQL text. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The SQL text. */
  toString(): string {
    return this.text
  }
}

/** A name: of a role, a database, a slot; means exactly this text. */
export function ident(name: string): Sql {
  const bytes = Buffer.byteLength(name)
  if (bytes > longestName)
    throw new HostwrightError(
      `"${name.slice(0, 40)}…" has ${bytes} bytes, and a name in PostgreSQL has at most ${longestName}: the server would cut it`,
      { kind: 'input', next: 'give a shorter name' },
    )
  return new Sql(pg().escapeIdentifier(sendable(name)))
}

/** NAMEDATALEN, less the byte that ends it. */
const longestName = 63

/** A name with its schema or without: `public.books`. */
export function qualified(schema: string | undefined, name: string): Sql {
  return schema === undefined ? ident(name) : new Sql(`${ident(schema).text}.${ident(name).text}`)
}

/** A value as SQL writes it. Throws an input error for a NUL byte or half a surrogate pair. */
export function literal(value: string | number | boolean | null): Sql {
  if (value === null) return new Sql('NULL')
  return new Sql(typeof value === 'string' ? pg().escapeLiteral(sendable(value)).trimStart() : String(value))
}

/** SQL written by the programmer, with no value in it that came from elsewhere. */
export function rawSql(text: string): Sql {
  return new Sql(text)
}

/** Joins pieces of SQL with a text between them, such as `', '`. */
export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return new Sql(parts.map((part) => part.text).join(separator))
}

/**
 * A template literal of SQL. Values become literals; names must be marked by {@link ident}.
 *
 * @example
 * sql`ALTER ROLE ${ident(name)} CONNECTION LIMIT ${limit}`
 */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (Sql | string | number | boolean | null)[]
): Sql {
  let text = strings[0] ?? ''
  values.forEach((value, i) => {
    text += (value instanceof Sql ? value : literal(value)).text + (strings[i + 1] ?? '')
  })
  return new Sql(text)
}

/** The protocol ends a text at a NUL byte, and half a surrogate pair would silently become another character. */
function sendable(text: string): string {
  if (/[\0\p{Surrogate}]/u.test(text))
    throw new HostwrightError('a NUL byte or half a character cannot be part of a name or value in PostgreSQL', {
      kind: 'input',
      next: 'remove it from the value',
    })
  return text
}
