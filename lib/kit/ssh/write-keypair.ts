import type { FileAttributes } from '../../host/files/files.ts'
import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { Host } from '../../host/host.ts'
import { unknownText } from '../../play/module.ts'
import { arrival, staging } from '../../host/files/scripts/arrival.ts'
import { uniqueLetters } from '../../host/files/remote/remote-writing.ts'
import { lines, sh } from '../../quote.ts'
import { parsePublicKey, type PublicKey } from './public-key.ts'

/** A key pair to be made. */
export interface NewKey {
  /** The file of the private key. */
  readonly path: string
  /** The algorithm: `ed25519`, `rsa` … */
  readonly type: string
  /** Its length in bits. */
  readonly size: number
  /** The comment of the public key. */
  readonly comment: string | undefined
  /** Owner, group and mode of the private key. */
  readonly wanted: FileAttributes
  /** Its folder is to be made first, for the owner alone. */
  readonly folder: boolean
}

/** The private key never leaves the host. The public key is written like any other file. */
export async function generate(
  host: Host,
  { path, type, size, comment, wanted, folder }: NewKey,
): Promise<PublicKey | undefined> {
  if (folder) await host.files.makeDirectory(posix.dirname(path), { ...defined(wanted), mode: '0700' })
  const bits = type === 'ed25519' ? [] : ['-b', size]
  const answer = await host.run(
    lines(
      arrival,
      staging,
      sh`(arrive ${path} follow || exit 1
n=$f
stage .hostwright.${uniqueLetters()}
ssh-keygen -q -t ${type} ${bits} -N '' -C ${comment ?? ''} -f ./key </dev/null >&2 || exit
cat ./key.pub && mv -fT -- ./key "../\${n#./}")`,
    ),
    { effect: { kind: 'file', name: path } },
  )
  if (answer.status !== 0) throw keygenError('make', path, answer.stderr)
  const key = parsePublicKey(answer.stdout)
  const text = key?.text ?? unknownText('public_key')
  await host.files.touch(path)
  await host.files.setAttributes(path, { mode: '0600', ...defined(wanted) })
  await host.files.write(`${path}.pub`, pubLine(text, comment ?? ''), {
    mode: '0644',
    ...defined(wanted),
    follow: false,
  })
  return key
}

/** Works on a copy in a folder that only root may enter, because ssh-keygen writes through links. Owner and mode are kept. */
export async function setComment(host: Host, path: string, comment: string): Promise<void> {
  const answer = await host.run(
    lines(
      arrival,
      staging,
      sh`(arrive ${path} follow || exit 1
n=$f o=$(stat -c %u .)
stage .hostwright.${uniqueLetters()}
ln -- "../\${n#./}" ./old && [ -f ./old ] && [ ! -h ./old ] && k=$(stat -c %u ./old) ||
  { echo "it is no file, or was moved meanwhile" >&2; exit 1; }
[ "$o" = "$k" ] || [ "$o" = 0 ] || [ "$k" = 0 ] ||
  { echo "another account may have put the link ${path} there" >&2; exit 1; }
cp -p -- ./old ./key && ssh-keygen -q -c -P '' -C ${comment} -f ./key </dev/null >&2 && mv -fT -- ./key "../\${n#./}")`,
    ),
    { effect: { kind: 'file', name: path } },
  )
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

function defined(wanted: FileAttributes): FileAttributes {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}
