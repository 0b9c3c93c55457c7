import { lines, quote, raw, sh, type Script } from '../../quote.ts'
import type { WriteOptions } from './files.ts'
import { pathWord } from './host-path.ts'
import { account } from './remote-attributes.ts'

/** The steps of {@link replaceScript} that can fail, by exit status. */
export const failures: Readonly<Record<number, string>> = {
  70: 'follow the links at',
  71: 'write',
  72: 'write',
  73: 'write the content of',
  74: 'send all of',
  75: 'set owner and mode of',
  76: 'validate',
  77: 'back up',
  78: 'replace',
}
export const directoryInTheWay = 71
export const refused = 76

export interface Replacement {
  readonly path: string
  /** Writes the content to standard output. */
  readonly content: Script
  /** Six letters or digits that make the name of the temporary file its own. */
  readonly unique: string
  /** What must have arrived; for streams, which may end early. */
  readonly size?: number
  /** As octal digits. */
  readonly mode?: string | undefined
  readonly options: WriteOptions
}

/**
 * Shell that replaces a file whole. The temporary file is made in the same folder by its first write (`set -C` refuses anything that exists, links included),
 * goes away whatever happens, and takes the target's place by a rename. Leftovers of a host that lost its power are removed after an hour.
 */
export function replaceScript(replacement: Replacement): Script {
  const { path, content, unique, size, options } = replacement
  return lines(
    sh`p=${pathWord(path)}`,
    options.follow === false ? raw('') : followLinks,
    sh`[ -d "$p" ] && { echo "Is a directory" >&2; exit 71; }
d=\${p%/*}; f=\${p##*/}
[ -d "$d/." ] || { ls -d -- "$d/." >/dev/null; exit 72; }
[ \${#f} -gt 200 ] && f=$(printf %.200s "$f")
set -- "$d/.$f.hostwright."??????
[ -e "$1" ] && find "$@" -prune -mmin +60 -exec rm -f -- {} + 2>/dev/null
t=$d/.$f.hostwright.${unique}
trap 'rm -f -- "$t"' EXIT
trap 'exit 79' HUP INT TERM PIPE
(umask 077; set -C; ${content} >"$t") || exit 73`,
    size === undefined
      ? raw('')
      : sh`[ "$(wc -c <"$t")" -eq ${size} ] || { echo "the stream ended early" >&2; exit 74; }`,
    raw('sync "$t" 2>/dev/null || sync'),
    attributes(replacement),
    options.validate === undefined ? raw('') : validation(options.validate),
    options.backup === true ? backup : raw(''),
    options.unsafe === true
      ? raw('mv -f -- "$t" "$p" 2>/dev/null || cat <"$t" >"$p" || exit 78')
      : raw('mv -f -- "$t" "$p" || exit 78'),
    raw('[ -e "$t" ] || trap - EXIT\nsync "${d:-/}" 2>/dev/null\nexit 0'),
  )
}

const followLinks = raw(`i=0
while [ -h "$p" ]; do
  [ $i -lt 40 ] || { echo "Too many levels of symbolic links" >&2; exit 70; }
  i=$((i+1)); l=$(readlink -n -- "$p"; echo .); l=\${l%.}
  case $l in /*) p=$l ;; *) p=\${p%/*}/$l ;; esac
done`)

/**
 * Owner and mode of the file that was there are kept where none are given (with GNU cp also its ACL and SELinux context); a new file gets 0644 less the umask.
 * What is so already is not set again, which would take a program. Owner first: changing it clears setuid.
 */
function attributes({ mode = '', options }: Replacement): Script {
  const owner = account(options)
  const keepsSome = options.owner === undefined || options.group === undefined
  return raw(`m=${quote(mode.replace(/^0+(?=.)/, ''))} n= o=
if [ -e "$p" ] && [ ! -h "$p" ]; then
  cp --attributes-only --preserve=all --no-preserve=timestamps -- "$p" "$t" 2>/dev/null
  { read -r k l _x; read -r i n o; } <<END
$(stat -c '%u:%g %a ${accountFormat(options)}' -- "$p" "$t")
END
  m=\${m:-$l}
${keepsSome ? '  [ "$i" = "$k" ] || { chown -- "$k" "$t" || exit 75; n= o=; }\n' : ''}fi
${owner === undefined ? '' : `[ "$o" = ${owner} ] || { chown -- ${owner} "$t" || exit 75; n=; }\n`}
if [ -z "$m" ]; then chmod -- a=,+rw,go-w "$t" || exit 75
elif [ "$n" != "$m" ]; then chmod -- "00$m" "$t" || exit 75; fi`)
}

/** What `stat` is asked for to compare with {@link account}: names for names, numbers for numbers. */
function accountFormat({ owner, group }: WriteOptions): string {
  const field = (wanted: string | undefined, number: string, name: string) =>
    wanted === undefined ? '' : /^\d+$/.test(wanted) ? number : name
  return `${field(owner, '%u', '%U')}${group === undefined ? '' : `:${field(group, '%g', '%G')}`}`
}

/** The user's command, with `%s` (quoted or not) standing for the temporary file. */
function validation(command: string): Script {
  return raw(`( ${command.replaceAll(/'%s'|"%s"|%s/g, '"$t"')}
) </dev/null >&2 || { printf %s "$?"; exit 76; }`)
}

const backup = raw(`if [ -e "$p" ]; then
  w=$(date +%Y-%m-%d@%H:%M:%S~) i=$$
  while [ -e "$p.$i.$w" ]; do i=$((i+1)); done
  cp -p -- "$p" "$p.$i.$w" || exit 77
  printf %s "$p.$i.$w"
fi`)
