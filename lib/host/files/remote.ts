import { HostwrightError } from '../../error.ts'
import { lines, quote, raw, sh, type Script } from '../../quote.ts'
import type { Ground } from '../ground.ts'
import type { Attributes, FileReader, FileWriter, Times } from './files.ts'
import { hostPath, pathWord } from './host-path.ts'
import { resolveMode, isOctal } from './mode.ts'
import { pathWords } from './presence.ts'
import { account, attributesScript, inPieces, octal, recursiveScripts } from './remote-attributes.ts'
import { manyWriter } from './remote-write-all.ts'
import { remoteWriting, uniqueLetters } from './remote-writing.ts'
import { fileTrouble, isMissing } from './trouble.ts'

/**
 * The files of a real host, through nothing but a POSIX shell and its usual tools. Every operation is one request, except that a symbolic mode asks for
 * what it is relative to first.
 */
export function remoteFiles(ground: Ground, reader: FileReader): FileWriter {
  const { octalFor, ...writing } = remoteWriting(ground, reader)

  async function must(doing: string, path: string, script: Script): Promise<void> {
    const reply = await ground.request(script)
    if (reply.status !== 0) throw fileTrouble(ground, `${doing} ${path}`, path, reply)
  }

  async function makeDirectories(paths: readonly string[], { mode: asked, ...owner }: Attributes = {}): Promise<void> {
    const umask = asked === undefined || isOctal(asked) ? 0 : await reader.umask()
    const base = { current: 0o777 & ~umask, directory: true, umask }
    const attributes = asked === undefined ? owner : { ...owner, mode: octal(resolveMode(asked, base)) }
    await Promise.all(
      inPieces(paths).map(async (some) => {
        const [first = '', ...others] = some
        if (others.length > 0 && (await ground.request(directoriesScript(some, attributes))).status === 0) return
        // The error is that of the first that cannot be made.
        for (const path of [first, ...others])
          await must('make the directory', path, directoriesScript([path], attributes))
      }),
    )
  }

  return {
    ...reader,
    ...writing,
    writeAll: manyWriter(ground, { octalFor, ...writing }),
    makeDirectory: (path, attributes = {}) => makeDirectories([path], attributes),
    makeDirectories,
    setAttributes: async (path, attributes, { recurse = false, follow = false } = {}) => {
      if (recurse) {
        const [tree, umask] = await Promise.all([reader.tree(path), reader.umask()])
        const replies = await Promise.all(
          recursiveScripts(tree ?? [], attributes, umask).map((script) => ground.request(script)),
        )
        // What others removed in the meantime needs no owner.
        const trouble = replies.find((reply) => reply.status !== 0 && !isMissing(reply))
        if (trouble !== undefined) throw fileTrouble(ground, `set owner and mode below ${path}`, path, trouble)
        return
      }
      const mode = await octalFor(path, attributes.mode, follow)
      await must('set owner and mode of', path, attributesScript(path, { ...attributes, mode }, follow))
    },
    link: (path, target, kind) => must('make the link', path, linkScript(path, target, kind)),
    touch: (path, times = {}) => must('touch', path, touchScript(path, times)),
    remove: (path) => {
      if (['/', '~', '~root'].includes(hostPath(path)))
        throw new HostwrightError(`refusing to remove ${path}`, { kind: 'input', next: 'correct the path' })
      return must('remove', path, sh`rm -rf -- ${pathWord(path)}`)
    },
  }
}

/** Folders with their missing parents. `-p`, because somebody else may make one at the same time, which is as good. */
function directoriesScript(paths: readonly string[], { mode, ...owner }: Attributes): Script {
  const owners = account(owner)
  return lines(
    sh`set --
for c in ${pathWords(paths)}; do
  while [ -n "$c" ] && [ ! -d "$c" ]; do set -- "$@" "$c"; c=\${c%/*}; done
done
[ $# -gt 0 ] || exit 0
mkdir -p -- "$@" || exit 1`,
    raw(owners === undefined ? '' : `chown -- ${owners} "$@" || exit 1`),
    raw(mode === undefined ? '' : `chmod -- ${mode} "$@" || exit 1`),
  )
}

/** `mv -T` replaces a link to a directory where plain `mv` would go into it. */
function linkScript(path: string, target: string, kind: 'symbolic' | 'hard'): Script {
  const [option, to] = kind === 'symbolic' ? ['-s', raw(quote(target))] : ['', pathWord(target)]
  return sh`p=${pathWord(path)}
[ -d "$p" ] && [ ! -h "$p" ] && { echo "Is a directory" >&2; exit 1; }
t=\${p%/*}/.\${p##*/}.hostwright.${uniqueLetters()}
trap 'rm -f -- "$t"' EXIT
ln ${raw(option)} -- ${to} "$t" || exit 1
mv -fT -- "$t" "$p" 2>/dev/null || { rm -f -- "$p" && mv -f -- "$t" "$p"; } || exit 1`
}

function touchScript(path: string, { modification, access }: Times): Script {
  const word = pathWord(path)
  const which = `${access === 'preserve' ? '' : 'a'}${modification === 'preserve' ? '' : 'm'}`
  if (which === '') return sh`[ -e ${word} ] || touch -- ${word}`
  return which === 'am' ? sh`touch -- ${word}` : sh`touch ${raw(`-${which}`)} -- ${word}`
}
