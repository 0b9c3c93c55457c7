import { posix } from 'node:path'
import type { Wanted } from '../files/attributes.ts'
import { HostwrightError } from '../../lib/error.ts'
import type { Host } from '../../lib/host/host.ts'
import { unknownText } from '../../lib/play/module.ts'
import { sh } from '../../lib/quote.ts'
import { parsePublicKey, type PublicKey } from './public-key.ts'

export interface NewKey {
  readonly path: string
  readonly type: string
  readonly size: number
  readonly comment: string | undefined
  readonly wanted: Wanted
  /** Its folder is to be made first, for the owner alone. */
  readonly folder: boolean
}

/** The private half stays on the host; the public one is written as any other file. */
export async function generate(
  host: Host,
  { path, type, size, comment, wanted, folder }: NewKey,
): Promise<PublicKey | undefined> {
  if (folder) await host.files.makeDirectory(posix.dirname(path), { ...defined(wanted), mode: '0700' })
  const bits = type === 'ed25519' ? [] : ['-b', size]
  const answer = await host.run(
    sh`p=${path}; t=$p.hostwright-new
rm -f "$t" "$t.pub"
umask 077
ssh-keygen -q -t ${type} ${bits} -N '' -C ${comment ?? ''} -f "$t" </dev/null >&2 || exit
cat "$t.pub" && rm -f "$t.pub" && mv -f "$t" "$p"`,
    { effect: { kind: 'file', name: path } },
  )
  if (answer.status !== 0) throw keygenError('make', path, answer.stderr)
  const key = parsePublicKey(answer.stdout)
  const text = key?.text ?? unknownText('public_key')
  await host.files.touch(path)
  await host.files.setAttributes(path, { mode: '0600', ...defined(wanted) })
  await host.files.write(`${path}.pub`, pubLine(text, comment ?? ''), { mode: '0644', ...defined(wanted) })
  return key
}

export async function setComment(host: Host, path: string, comment: string): Promise<void> {
  const answer = await host.run(sh`ssh-keygen -q -c -P '' -C ${comment} -f ${path} </dev/null`, {
    effect: { kind: 'file', name: path },
  })
  if (answer.status !== 0) throw keygenError('change the comment of', path, answer.stderr)
}

function keygenError(what: string, path: string, words: string): HostwrightError {
  const missing = /not found/.test(words)
  return new HostwrightError(`cannot ${what} the key ${path}: ${words.trim()}`, {
    next: missing ? 'install openssh-client first' : 'check that its folder is there, and writable',
  })
}

/** A line of a `.pub` file. */
export function pubLine(text: string, comment: string): Buffer {
  return Buffer.from(`${text}${comment === '' ? '' : ` ${comment}`}\n`)
}

function defined(wanted: Wanted): Wanted {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}
