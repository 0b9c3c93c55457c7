import { lines, raw, sh, type Script } from '../../../quote.ts'
import { arrival } from './arrival.ts'
import type { FileAttributes } from '../files.ts'
import { pathWord } from '../host-path.ts'
import { account } from '../remote/remote-attributes.ts'
import { lockFunctions } from '../remote/write-lock.ts'

/** Files that go to one folder and are to have the same owner and mode. */
export interface Placed extends Pick<FileAttributes, 'owner' | 'group'> {
  /** From the root: `.`, or `./etc/nginx`. */
  readonly folder: string
  readonly names: readonly string[]
  /** As octal digits. */
  readonly mode?: string | undefined
  /** A link in the place of a file is replaced; otherwise it is nothing for this script. */
  readonly replacesLinks: boolean
}

/** The bay of each folder: the part of the stage where its files are prepared. */
export function bays(folders: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(folders)].map((folder, i) => [folder, `./${String(i + 1)}`]))
}

/**
 * Shell that writes many files with few programs for each folder. `fill` puts them into the bays of a stage, a folder that only root may enter. They get
 * owner and mode there and are renamed into place, as `replaceScript` does for one file. It fails in unusual cases: the caller then writes file by file.
 * Files that are in place by then are complete.
 *
 * The programs run with the target folder as working directory, and name the stage through `/proc/PID/cwd`. So neither of the two can be replaced.
 */
export function placeScript(root: string, groups: readonly Placed[], unique: string, fill: Script): Script {
  const bay = bays(groups.map(({ folder }) => folder))
  const folders = raw([...bay.keys()].map((folder) => below(folder).text).join(' '))
  return lines(
    arrival,
    lockFunctions,
    sh`enter ${pathWord(root)} || exit 1
self
[ -n "$start" ] || exit 1
lock ./.hostwright.${unique}
{ read -r stage x uid x; read -r folder x master x; } <<END
$(ls -ldn -- . ..)
END
private "$stage"
top=$v here=/proc/$pid/cwd u=$(umask)
umask 077`,
    sweep,
    bay.size === 1 ? raw('') : oneDevice(folders),
    sh`mkdir -- ${[...bay.values()]} || exit 1
${fill} || exit 1
each() {
${raw(groups.map((group) => sh`"$1" ${bay.get(group.folder) ?? ''} ${words(group)} || return 1`.text).join('\n'))}
}
${steps}
each prepare && each settle || exit 1
sync -f . 2>/dev/null || sync
each move || exit 1
sync -- ${folders} 2>/dev/null
exit 0`,
  )
}

/** The absolute path of a folder that is given relative to the common root of all files. */
function below(folder: string): Script {
  return folder === '.' ? raw('"${top:-/}"') : sh`"$top"/${folder.slice(2)}`
}

/** The arguments of each step. */
function words({ folder, names, replacesLinks, mode, ...owner }: Placed): Script {
  return sh`${below(folder)} ${String(replacesLinks)} ${raw(account(owner) ?? "''")} ${mode ?? ''} ${names}`
}

/** Removes stages of runs that were cut off, after an hour, if only root can have made them. */
const sweep = raw(`case $uid:$folder in
  "$master":d????-??-? | "$master":d????-??-?.)
    set -- ../.hostwright.??????
    [ $# = 1 ] || find "$@" -prune -type d -mmin +60 -exec rm -rf -- {} + 2>/dev/null ;;
esac`)

/** Refuses folders on another file system: `mv` would copy the files instead of renaming them. */
function oneDevice(folders: Script): Script {
  return sh`x=$(stat -c %d -- . ${folders}) || exit 1
for d in $x; do [ "$d" = "\${x%%[!0-9]*}" ] || exit 1; done`
}

/**
 * An existing file keeps its owner and mode if none are given. GNU cp also keeps its access control list and SELinux context, if no other account can replace
 * the file meanwhile. A change of the owner clears setuid: such files are replaced one by one.
 */
const steps = raw(`prepare() (
  bay=$1 to=$2 over=$3 owner=$4 mode=$5
  cd "$bay" || exit 1
  shift 5
  for f do [ -f "$f" ] && [ ! -h "$f" ] || exit 1; done
  [ -n "$mode" ] || chmod -- "$(printf 00%o $((0644 & ~0$u)))" "$@" || exit 1
  enter "$to" || exit 1
  for f do
    shift
    if [ -h "$f" ]; then "$over" || exit 1
    elif [ -d "$f" ]; then exit 1
    elif [ -e "$f" ]; then set -- "$@" "$f"; fi
  done
  [ $# -gt 0 ] || exit 0
  n=$(stat -c '%u:%g %a' -- . "$@") || exit 1
  x=\${n%%
*} n=\${n#*
}
  case $x in
    "$uid":*[0145][0145]) cp --attributes-only --preserve=all --no-preserve=timestamps -- "$@" "$here/$bay/" 2>/dev/null ;;
    *)
      case $n in *" "[2-7][0-7][0-7][0-7]*) exit 1 ;; esac
      case $(ls -ldn -- "$@") in *[-xstST][+.]" "*) exit 1 ;; esac ;;
  esac
  for f do shift; set -- "$@" "$here/$bay/$f"; done
  [ -z "$owner" ] || [ -n "$mode" ] || case $n in *" "[2-7][0-7][0-7][0-7]*) exit 1 ;; esac
  [ "$n" = "$(stat -c '%u:%g %a' -- "$@")" ] || printf '%s\\n' "$n" | while read -r w b; do
    chown -- "$w" "$1" && chmod -- "00$b" "$1" || exit 1
    shift
  done
)
settle() {
  [ -z "$4$5" ] || (
    o=$4 m=$5
    cd "$1" || exit 1
    shift 5
    [ -z "$o" ] || chown -- "$o" "$@" || exit 1
    [ -z "$m" ] || chmod -- "$m" "$@"
  )
}
move() (
  bay=$1
  enter "$2" || exit 1
  shift 5
  for f do shift; set -- "$@" "$here/$bay/$f"; done
  mv -f -- "$@" .
)`)
