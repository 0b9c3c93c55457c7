import { randomInt } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat as statHere } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { HostwrightError } from '../../error.ts'
import { lines, quote, raw, sh, type Script } from '../../quote.ts'
import type { Reply } from '../../connection/connection.ts'
import type { Ground } from '../ground.ts'
import type { Attributes, FileReader, FileWriter, Times, WriteOptions } from './files.ts'
import { hostPath, pathWord } from './host-path.ts'
import { resolveMode, isOctal } from './mode.ts'
import { account, attributesScript, octal, recursiveScripts } from './remote-attributes.ts'
import { directoryInTheWay, failures, refused, replaceScript } from './replace-script.ts'
import { fileTrouble, isADirectory, isMissing } from './trouble.ts'

/** Larger pieces cost less work each, up to here. */
const pieceLength = 1 << 18

/**
 * The files of a real host, through nothing but a POSIX shell and its usual tools. Every operation is one request, except that a symbolic mode asks for
 * what it is relative to first.
 */
export function remoteFiles(ground: Ground, reader: FileReader): FileWriter {
  async function replace(
    path: string,
    options: WriteOptions,
    content: Script,
    send: (script: Script) => Promise<Reply>,
    size?: number,
  ): Promise<string | undefined> {
    const script = replaceScript({
      path,
      content,
      options,
      mode: await octalFor(path, options.mode, options.follow !== false),
      unique: uniqueLetters(),
      ...(size === undefined ? {} : { size }),
    })
    const reply = await send(script)
    if (reply.status !== 0) throw replaceTrouble(ground, path, options, reply)
    return reply.stdout.length > 0 ? reply.stdout.toString() : undefined
  }

  /** A mode as five octal digits, so that GNU chmod too clears what they do not name. */
  async function octalFor(path: string, mode: string | undefined, follow: boolean): Promise<string | undefined> {
    if (mode === undefined) return undefined
    if (isOctal(mode)) return octal(resolveMode(mode, { current: 0, directory: false, umask: 0 }))
    const [now, umask] = await Promise.all([reader.stat(path, { follow }), reader.umask()])
    const directory = now?.type === 'directory'
    const current = now === undefined || now.type === 'link' ? 0o644 & ~umask : now.mode
    return octal(resolveMode(mode, { current, directory, umask }))
  }

  async function must(doing: string, path: string, script: Script): Promise<void> {
    const reply = await ground.request(script)
    if (reply.status !== 0) throw fileTrouble(ground, `${doing} ${path}`, path, reply)
  }

  return {
    ...reader,
    write: (path, content, options = {}) =>
      replace(path, options, raw('cat'), (script) => ground.request(script, { input: content })),
    upload: async (path, source, options = {}) => {
      const { size } = await statHere(source)
      // No byte more than the size that is verified: the file may be growing.
      const stdin =
        size === 0 ? Readable.from([]) : createReadStream(source, { end: size - 1, highWaterMark: pieceLength })
      return replace(path, options, raw('cat'), (script) => ground.exec(script, { stdin }), size)
    },
    copy: (path, source, options = {}) =>
      replace(path, options, sh`cat -- ${pathWord(source)}`, (script) => ground.request(script)),
    makeDirectory: async (path, attributes = {}) => {
      const umask = attributes.mode === undefined || isOctal(attributes.mode) ? 0 : await reader.umask()
      const mode =
        attributes.mode === undefined
          ? undefined
          : octal(resolveMode(attributes.mode, { current: 0o777 & ~umask, directory: true, umask }))
      await must('make the directory', path, makeDirectoryScript(path, { ...attributes, mode }))
    },
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

function replaceTrouble(ground: Ground, path: string, options: WriteOptions, reply: Reply): Error {
  if (reply.status === directoryInTheWay) return isADirectory(path, ground.name)
  if (reply.status !== refused) {
    const doing = failures[reply.status] ?? 'write'
    return fileTrouble(ground, `${doing} ${path}`, path, reply)
  }
  const said = reply.stderr.toString().trim()
  return new HostwrightError(`the new content of ${path} did not pass "${options.validate ?? ''}"`, {
    host: ground.name,
    next: 'correct the content; the file itself was left as it was',
    data: { status: Number(reply.stdout.toString()), stderr: said },
  })
}

function makeDirectoryScript(path: string, attributes: Attributes): Script {
  const owner = account(attributes)
  const { mode } = attributes
  return lines(
    sh`c=${pathWord(path)}
set --
while [ -n "$c" ] && [ ! -d "$c" ]; do set -- "$c" "$@"; c=\${c%/*}; done
for p do`,
    // Somebody else may make it at the same time, which is as good.
    raw('  mkdir -- "$p" || [ -d "$p" ] || exit 1'),
    raw(owner === undefined ? '' : `  chown -- ${owner} "$p" || exit 1`),
    raw(mode === undefined ? '' : `  chmod -- ${mode} "$p" || exit 1`),
    raw('done'),
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

function uniqueLetters(): string {
  return Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('')
}
