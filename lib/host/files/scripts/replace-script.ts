import { lines, raw, sh, type Script } from '../../../quote.ts'
import { arrival } from './arrival.ts'
import { changedSince, commitScript } from './commit-script.ts'
import type { WriteOptions } from '../files.ts'
import { pathWord } from '../host-path.ts'
import { newFile } from './new-file-script.ts'
import { locked, lockFunctions } from '../remote/write-lock.ts'

/** The steps of {@link replaceScript} that can fail, by exit status. */
export const failures: Readonly<Record<number, string>> = {
  71: 'write',
  72: 'write',
  73: 'write the content of',
  74: 'send all of',
  75: 'set owner and mode of',
  76: 'validate',
  77: 'back up',
  78: 'replace',
  [changedSince]: 'replace',
  [locked]: 'lock',
}
export const directoryInTheWay = 71
export const refused = 76

export interface Replacement {
  readonly path: string
  /** The file of the host that has the content; standard input otherwise. */
  readonly source?: string
  /** What must have arrived; for streams, which may end early. */
  readonly size?: number
  /** As octal digits. */
  readonly mode?: string | undefined
  readonly options: WriteOptions
}

/**
 * Shell that replaces a whole file. It makes the new file in a folder beside it that only root may enter. That folder is also the lock: one writer at a time.
 * The new file gets its attributes there and is renamed into place. All names are relative to that folder, so accounts that may write beside it cannot
 * redirect them. The folder is always removed in the end.
 */
export function replaceScript({ path, source, size, mode, options }: Replacement): Script {
  const { owner, group, follow, validate, expected } = options
  return lines(
    arrival,
    lockFunctions,
    sh`arrive ${pathWord(path)} ${raw(follow === false ? '' : 'follow')} || exit 72
[ -d "$f" ] && [ ! -h "$f" ] && { echo "Is a directory" >&2; exit 71; }
self
f=\${f#./} s=.$f.hostwright x=$f
[ \${#f} -le 100 ] || { x=$(printf %.100s "$f"); [ \${#f} -le 200 ] || s=.$(printf %.200s "$f").hostwright; }
new=./$me$x old=../$f
lock "./$s"`,
    newFile(
      { owner, group, mode },
      lines(fill(source), typeof expected === 'object' ? raw('exec 8>>"$new"') : raw('')),
    ),
    size === undefined
      ? raw('')
      : sh`[ "$(wc -c <"$new")" -eq ${size} ] || { echo "the stream ended early" >&2; exit 74; }`,
    validate === undefined ? raw('') : validation(validate),
    commitScript(options),
  )
}

/** `dd` writes and syncs in one program. A `dd` without `conv=fsync` fails before it reads anything or makes the file: `cat` and `sync` are used then. */
function fill(source: string | undefined): Script {
  const word = source === undefined ? undefined : pathWord(source)
  return sh`dd bs=65536 conv=fsync status=none of="$new" ${word === undefined ? raw('') : sh`<${word}`} || {
  [ ! -e "$new" ] && cat ${word === undefined ? raw('') : sh`-- ${word}`} >"$new" && { sync "$new" 2>/dev/null || sync; }
} || exit 73`
}

/**
 * The user's command, with the name of the new file for `%s` (quoted or not). If another account could rename a folder on the path, the name goes through
 * `/proc/PID/cwd`, which nobody can replace: the command may load other files that the new file names.
 */
function validation(command: string): Script {
  return raw(`own=$safe x=$v
while [ -n "$x" ] && [ "$uid" = 0 ]; do [ -O "$x" ] || own= ; x=\${x%/*}; done
if [ -n "$own" ] || [ -z "$start" ]; then x=$w; else x=/proc/$pid/cwd; fi
x=$x/\${new#./}
( ${command.replaceAll(/'%s'|"%s"|%s/g, '"$x"')}
) </dev/null >&2 || { printf %s "$?"; exit 76; }`)
}
