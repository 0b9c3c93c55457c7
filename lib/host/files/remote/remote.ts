import { HostwrightError } from '../../../error.ts'
import type { Script } from '../../../quote.ts'
import type { HostShell } from '../../host-shell.ts'
import type { FileAttributes, FileReader, FileWriter } from '../files.ts'
import { directoriesScript, directoryScript } from '../scripts/folders-script.ts'
import { hostPath } from '../host-path.ts'
import { resolveMode, isOctal } from '../mode.ts'
import { attributesScript, octal } from './remote-attributes.ts'
import { linkScript, removeScript, touchScript } from './remote-places.ts'
import { inPieces, recursiveScripts } from './remote-tree.ts'
import { manyWriter } from './remote-write-all.ts'
import { remoteWriting, uniqueLetters } from './remote-writing.ts'
import { fileTrouble, saysOnlyMissing } from './trouble.ts'

/**
 * The files of a real host, through nothing but a POSIX shell and its usual tools. Every operation is one request, except that a symbolic mode asks for
 * what it is relative to first.
 */
export function remoteFiles(hostShell: HostShell, reader: FileReader): FileWriter {
  const { octalFor, ...writing } = remoteWriting(hostShell, reader)

  async function must(doing: string, path: string, script: Script): Promise<void> {
    const reply = await hostShell.request(script)
    if (reply.status !== 0) throw fileTrouble(hostShell, `${doing} ${path}`, path, reply)
  }

  async function makeDirectories(
    paths: readonly string[],
    { mode: asked, ...owner }: FileAttributes = {},
  ): Promise<void> {
    const umask = asked === undefined || isOctal(asked) ? 0 : await reader.umask()
    const base = { current: 0o777 & ~umask, directory: true, umask }
    const attributes = asked === undefined ? owner : { ...owner, mode: octal(resolveMode(asked, base)) }
    await Promise.all(
      inPieces(paths).map(async (some) => {
        const together = some.length > 1 ? directoriesScript(some, attributes, uniqueLetters()) : undefined
        if (together !== undefined && (await hostShell.request(together)).status === 0) return
        // The error is that of the first that cannot be made.
        for (const path of some) await must('make the directory', path, directoryScript(path, attributes))
      }),
    )
  }

  return {
    ...reader,
    ...writing,
    writeAll: manyWriter(hostShell, { octalFor, ...writing }),
    makeDirectory: (path, attributes = {}) => makeDirectories([path], attributes),
    makeDirectories,
    setAttributes: async (path, attributes, { recurse = false, follow = false } = {}) => {
      if (recurse) {
        const [tree, umask] = await Promise.all([reader.tree(path), reader.umask()])
        const wish = { attributes, umask, user: hostShell.user, unique: uniqueLetters() }
        const replies = await Promise.all(recursiveScripts(tree ?? [], wish).map((script) => hostShell.request(script)))
        // What others removed in the meantime needs no owner.
        const trouble = replies.find((reply) => reply.status !== 0 && !saysOnlyMissing(reply))
        if (trouble !== undefined) throw fileTrouble(hostShell, `set owner and mode below ${path}`, path, trouble)
        return
      }
      const mode = await octalFor(path, attributes.mode, follow)
      await must(
        'set owner and mode of',
        path,
        attributesScript(path, { ...attributes, mode }, follow, uniqueLetters()),
      )
    },
    link: (path, target, kind) => must('make the link', path, linkScript(path, target, kind, uniqueLetters())),
    touch: (path, times = {}) => must('touch', path, touchScript(path, times)),
    remove: async (path) => {
      if (['/', '~', '~root'].includes(hostPath(path)))
        throw new HostwrightError(`refusing to remove ${path}`, { kind: 'input', next: 'correct the path' })
      const reply = await hostShell.request(removeScript(path))
      if (reply.status !== 0 && !saysOnlyMissing(reply)) throw fileTrouble(hostShell, `remove ${path}`, path, reply)
    },
  }
}
