import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { askPython, withFile } from '../../lib/encode/read-back.ts'
import { readers, refusedByReader, type Readers } from './readers.ts'

const output = (program: string, args: readonly string[]) =>
  execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).toString()

const through = (program: string, args: (path: string) => readonly string[]) => (texts: readonly string[]) =>
  Promise.resolve(texts.map((text) => judged(() => withFile(text, (path) => output(program, args(path)).split('\n')))))

/** The tasks have these programs look before the file takes its place: what they refuse is refused. */
function judged(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'status' in error) return refusedByReader
    throw error
  }
}

/** What named prints of its configuration: each word, and each string as what it holds. */
const named = (texts: readonly string[]) =>
  Promise.resolve(
    texts.map((text) =>
      judged(() =>
        withFile(text, (path) =>
          [...output('/usr/bin/named-checkconf', ['-p', path]).matchAll(/"((?:\\.|[^"\\])*)"|[^\s"]+/gs)].map(
            ([word, string]) => (string === undefined ? { word } : { string: string.replace(/\\(.)/gs, '$1') }),
          ),
        ),
      ),
    ),
  )

const wordsOf = (text: string) => text.split('\n').map((line) => line.trim().split(/\s+/))

/** Each shipped template with what reads its file on a host. */
export const templateReaders: Readers = {
  'chrony.conf.ejs': through('/usr/sbin/chronyd', (path) => ['-p', '-f', path]),
  'named.conf.options.ejs': named,
  'named.conf.local.ejs': named,
  'resolv.conf.ejs': (texts) => Promise.resolve(texts.map(wordsOf)),
  'createcluster.conf.ejs': (texts) => Promise.resolve(texts.map((text) => text.split('\n'))),
  'pgpass.ejs': async (texts) => {
    const found: unknown[] = []
    for (const text of texts) {
      const entries = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      found.push(await readers['pgpass']?.(entries))
    }
    return found
  },
  'patroni.yml.ejs': (texts) => Promise.resolve(texts.map((text) => withFile(text, (path) => askPython('yaml', path)))),
  // A shell reads it as systemd does.
  'etcd.ejs': (texts) =>
    Promise.resolve(
      texts.map((text) =>
        withFile(text, (path) => {
          const names = text.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? [])
          const show = names.map((name) => `printf '%s\\0' "$${name}"`).join('; ')
          const values = output('/bin/sh', ['-c', `. "$0"; ${show}`, path]).split('\0')
          return {
            lines: text.trimEnd().split('\n').length,
            values: Object.fromEntries(names.map((name, i) => [name, values[i]])),
          }
        }),
      ),
    ),
  // HAProxy judges it; what its words are is read as its manual says: 2.2.
  'haproxy.cfg.ejs': (texts) =>
    Promise.resolve(
      texts.map((text) =>
        judged(() =>
          withFile('', (path) => {
            const file = join(dirname(path), 'haproxy.cfg')
            writeFileSync(file, text.replace(/^\t(chroot|user|group|stats socket|log) .*\n/gm, ''))
            output('/usr/sbin/haproxy', ['-c', '-q', '-f', file])
            return text.split('\n').map((line) => haproxyWords(line))
          }),
        ),
      ),
    ),
}

function haproxyWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|\\(.)/g,
      (_, quoted: string | undefined, letter: string | undefined) => quoted ?? letter ?? '',
    ),
  )
}
