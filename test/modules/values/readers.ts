import { execFileSync } from 'node:child_process'
import { askPython, withFile } from '../../lib/encode/read-back.ts'

/** Reads texts of a format by what reads them on a host: each as a tree in which every value has a place of its own. */
export type Reader = (texts: readonly string[]) => Promise<readonly unknown[]>
export type Readers = Readonly<Record<string, Reader>>

const output = (program: string, args: readonly string[]) =>
  execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).toString()

const each =
  (read: (text: string) => unknown): Reader =>
  (texts) =>
    Promise.resolve(texts.map(read))

const linesOf = (text: string) => text.split('\n')

/** A table of /etc/cron.d: five fields, a user and a command. The command crontab, which knows no user, judges each entry. */
const cronFile: Reader = (texts) => {
  const entry = /^(\S+) (\S+) (\S+) (\S+) (\S+) (\S+) (.*)$/s
  const trees = texts.map((text) =>
    linesOf(text).map((line) => (line.startsWith('#') ? line : (entry.exec(line)?.slice(1) ?? line))),
  )
  const jobs = trees.flat().flatMap((line) => (Array.isArray(line) ? [[...line.slice(0, 5), 'true'].join(' ')] : []))
  withFile(jobs.map((job) => `${job}\n`).join(''), (path) => output('/usr/bin/crontab', ['-n', path]))
  return Promise.resolve(trees)
}

/** Lines as sshd parts them; ssh-keygen finds as many keys. */
const authorizedKeys: Reader = (texts) => {
  const line = /^(?:((?:"(?:\\"|[^"])*"|[^\s"])+) )?(ssh-ed25519) (\S+)(?: (.*))?$/s
  const trees = texts.map((text) =>
    linesOf(text).map(
      (one) =>
        line
          .exec(one)
          ?.slice(1)
          .map((part: string | undefined) => part ?? '') ?? one,
    ),
  )
  const whole = texts.join('')
  if (whole !== '') {
    const found = withFile(whole, (path) => output('/usr/bin/ssh-keygen', ['-l', '-f', path]))
      .trimEnd()
      .split('\n')
    const keys = trees.flat().filter((one) => Array.isArray(one))
    if (found.length !== keys.length) return Promise.resolve(texts.map((text, i) => oneByOne(text, trees[i])))
  }
  return Promise.resolve(trees)
}

/** A line that holds no key lets nobody in: sshd passes over it. */
function oneByOne(text: string, tree: readonly unknown[] | undefined): unknown {
  const found = keysIn(text)
  if (found === 0 && linesOf(text).length === 2) return refusedByReader
  return found === countIn(tree) ? tree : text
}

const countIn = (tree: readonly unknown[] = []) => tree.filter((one) => Array.isArray(one)).length

/** How many keys ssh-keygen finds. */
function keysIn(text: string): number {
  try {
    return linesOf(withFile(text, (path) => output('/usr/bin/ssh-keygen', ['-l', '-f', path])).trimEnd()).length
  } catch {
    return 0
  }
}

const barman: Reader = (texts) => Promise.resolve(askPython('barman texts', texts) as readonly unknown[])

/** What named-checkzone makes of a zone; nothing of one that it refuses, as it then does not take its place. */
const zone: Reader = each((text) =>
  withFile(text, (path) => {
    const origin = /^\$ORIGIN (\S+)/.exec(text)?.[1] ?? '.'
    try {
      const dump = output('/usr/bin/named-checkzone', ['-D', '-i', 'none', '-k', 'ignore', '-o', '-', origin, path])
      // Sorted by name: the order says nothing.
      const records = linesOf(dump).map((line) =>
        line
          .replace(/\s+/g, ' ')
          .replace(/"(.*)"/, '$1')
          .replaceAll('" "', ' '),
      )
      return Object.fromEntries(records.map((record) => [unescaped(record), true]))
    } catch {
      return refusedByReader
    }
  }),
)

/** named prints bytes past ASCII by their numbers, and a backslash before what would mean something. */
function unescaped(record: string): string {
  const bytes = record.replace(/\\(\d{3}|.)/g, (_, found: string) =>
    found.length === 3 ? String.fromCharCode(Number(found)) : found,
  )
  return Buffer.from(bytes, 'latin1').toString()
}

/** In the place of a tree: the program refuses the whole text, and the module has it look before it takes its place. */
export const refusedByReader = Symbol('refused by the reader')

/** Lines of five fields, in which a backslash takes the next letter as it is. */
export function pgpassFields(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) =>
      (line.match(/(?:\\.|[^:\\])*(?::|$)/gs) ?? [])
        .slice(0, 5)
        .map((field) => field.replace(/^((?:\\.|[^:\\])*):$/s, '$1').replace(/\\(.)/gs, '$1')),
    )
}

/** The password is what libpq finds there for the host and the user. */
const pgpass: Reader = (texts) => {
  const trees = texts.map(pgpassFields)
  const found = texts.map((text, i) => {
    const [host = '', , , user = ''] = trees[i]?.[0] ?? []
    // libpq parts a host at commas, and takes an empty one for its own.
    if (host === '' || user === '' || host.includes(',')) return []
    // The reader asks for port 1, where nobody listens.
    const there = text.replace(/^((?:\\.|[^:\\])*):\d+:/s, '$1:1:')
    return withFile(there, (path) => askPython('pgpass', [[path, host, user]]) as readonly string[])
  })
  return Promise.resolve(trees.map((tree, i) => ({ tree, password: found[i]?.[0] ?? tree[0]?.[4] })))
}

export const readers: Readers = {
  lines: each(linesOf),
  'cron file': cronFile,
  authorized_keys: authorizedKeys,
  barman,
  zone,
  pgpass,
}
