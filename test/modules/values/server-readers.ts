import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from '../../support/postgres-server.ts'
import { conninfoOf, learnConninfos } from './conninfos.ts'
import { refusedByReader, type Readers } from './readers.ts'

interface Row {
  readonly file: string
  readonly name: string | null
  readonly setting: string | null
  readonly error: string | null
}

interface Rule {
  readonly line: number
  readonly type: string | null
  readonly database: readonly string[] | null
  readonly users: readonly string[] | null
  readonly address: string | null
  readonly netmask: string | null
  readonly method: string | null
  readonly options: readonly string[] | null
  readonly error: string | null
}

/** PostgreSQL itself reads its configuration: pg_file_settings and pg_hba_file_rules. */
export function serverReaders({ client, data }: Server): Readers {
  const folder = join(data, 'tried')
  let included = false

  return {
    'postgresql.conf': async (texts) => {
      if (!included) appendFileSync(join(data, 'postgresql.conf'), "\ninclude_dir = 'tried'\n")
      included = true
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      chmodSync(folder, 0o755)
      texts.forEach((text, i) => writeFileSync(join(folder, `${i}.conf`), text))
      const { rows } = await client.query<Row>(
        `SELECT sourcefile AS file, name, setting, error FROM pg_file_settings WHERE sourcefile LIKE '%/tried/%' ORDER BY seqno`,
      )
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
      learnConninfos(rows.flatMap(({ setting }) => (setting === null ? [] : [setting])))
      return texts.map((_, i) =>
        rows
          .filter(({ file }) => file.endsWith(`/${i}.conf`))
          .map(({ name, setting, error }) => [
            name,
            conninfoOf(setting ?? '') ?? setting,
            error === 'syntax error' ? error : null,
          ]),
      )
    },
    'pg_hba.conf': async (texts) => {
      const path = join(data, 'pg_hba.conf')
      const kept = readFileSync(path)
      writeFileSync(path, texts.join(''))
      const { rows } = await client.query<Rule>(
        'SELECT line_number AS line, type, database, user_name AS users, address, netmask, auth_method AS method, options, error FROM pg_hba_file_rules ORDER BY 1',
      )
      writeFileSync(path, kept)
      let end = 0
      return texts.map((text) => {
        const start = end
        end += text.split('\n').length - 1
        const comments = text
          .split('\n')
          .flatMap((line) => /^(?:"(?:[^"]|"")*"|[^"#])*# ([^]*)$/.exec(line)?.slice(1) ?? [])
        const rules = rows
          .filter(({ line }) => line > start && line <= end)
          .map(({ line: _, database, users, netmask, ...rest }) => ({
            ...rest,
            // Of a single address it says nothing more.
            netmask: /^(255\.255\.255\.255|ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff)$/.test(netmask ?? '')
              ? null
              : netmask,
            database: database?.join(','),
            users: users?.join(','),
          }))
        // The module has the server look before it acts on it, and puts the old file back. `@` before a name means a file.
        if (rules.some(({ error }) => /authentication option|secondary authentication file/.test(error ?? '')))
          return refusedByReader
        return { rules, comments: comments.join('\n') }
      })
    },
  }
}
