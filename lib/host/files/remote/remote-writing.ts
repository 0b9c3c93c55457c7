import { randomInt } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat as statHere } from 'node:fs/promises'
import type { Reply } from '../../../connection/connection.ts'
import { HostwrightError } from '../../../error.ts'
import type { Script } from '../../../quote.ts'
import { ChangedSincePlan } from '../../changed-since.ts'
import type { HostShell } from '../../host-shell.ts'
import { pieceLength } from '../archive.ts'
import type { FileReader, FileWriter, WriteOptions } from '../files.ts'
import { longestInRequest } from './write-batches.ts'
import { isOctal, resolveMode } from '../mode.ts'
import { octal } from './remote-attributes.ts'
import { changedSince } from '../scripts/commit-script.ts'
import { directoryInTheWay, failures, refused, replaceScript } from '../scripts/replace-script.ts'
import { fileTrouble, isADirectory } from './trouble.ts'

/** How a file of a real host gets its content, one file a request. */
export type RemoteWriting = Pick<FileWriter, 'write' | 'upload' | 'copy'> & {
  /** A mode as five octal digits, so that GNU chmod too clears what they do not name; a symbolic one is looked up. */
  octalFor(path: string, mode: string | undefined, follow: boolean): Promise<string | undefined>
}

export function remoteWriting(hostShell: HostShell, reader: FileReader): RemoteWriting {
  async function octalFor(path: string, mode: string | undefined, follow: boolean): Promise<string | undefined> {
    if (mode === undefined) return undefined
    if (isOctal(mode)) return octal(resolveMode(mode, { current: 0, directory: false, umask: 0 }))
    const [now, umask] = await Promise.all([reader.stat(path, { follow }), reader.umask()])
    const directory = now?.type === 'directory'
    const current = now === undefined || now.type === 'link' ? 0o644 & ~umask : now.mode
    return octal(resolveMode(mode, { current, directory, umask }))
  }

  async function replace(
    path: string,
    options: WriteOptions,
    send: (script: Script) => Promise<Reply>,
    content: { readonly source?: string; readonly size?: number } = {},
  ): Promise<string | undefined> {
    const script = replaceScript({
      path,
      ...content,
      options,
      mode: await octalFor(path, options.mode, options.follow !== false),
    })
    const reply = await send(script)
    if (reply.status !== 0) throw replaceTrouble(hostShell, path, options, reply)
    return reply.stdout.length > 0 ? reply.stdout.toString() : undefined
  }

  const write: RemoteWriting['write'] = (path, content, options = {}) =>
    replace(path, options, (script) => hostShell.request(script, { input: content }))

  return {
    octalFor,
    write,
    upload: async (path, source, options = {}) => {
      const { size } = await statHere(source)
      if (size <= longestInRequest) return write(path, await readFile(source), options)
      // No byte more than the size that is verified: the file may be growing.
      const stdin = createReadStream(source, { end: size - 1, highWaterMark: pieceLength })
      return replace(path, options, (script) => hostShell.exec(script, { stdin }), { size })
    },
    copy: (path, source, options = {}) => replace(path, options, (script) => hostShell.request(script), { source }),
  }
}

/** What makes the name of a temporary file or folder its own. */
export function uniqueLetters(): string {
  return Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('')
}

function replaceTrouble(hostShell: HostShell, path: string, options: WriteOptions, reply: Reply): Error {
  if (reply.status === directoryInTheWay) return isADirectory(path, hostShell.name)
  if (reply.status === changedSince)
    return new ChangedSincePlan(`${path} changed after it was read, so it was not replaced`, { host: hostShell.name })
  if (reply.status !== refused) {
    const doing = failures[reply.status] ?? 'write'
    return fileTrouble(hostShell, `${doing} ${path}`, path, reply)
  }
  const said = reply.stderr.toString().trim()
  return new HostwrightError(`the new content of ${path} did not pass "${options.validate ?? ''}"`, {
    host: hostShell.name,
    next: 'correct the content; the file itself was left as it was',
    data: { status: Number(reply.stdout.toString()), stderr: said },
  })
}
