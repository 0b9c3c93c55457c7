import { raw, sh, type Script } from '../../quote.ts'
import type { Attributes } from './files.ts'
import { pathWord } from './host-path.ts'
import { account } from './remote-attributes.ts'

/** Files that go to one folder and are to have the same owner and mode. */
export interface Placed extends Pick<Attributes, 'owner' | 'group'> {
  /** From the root: `.`, or `./etc/nginx`. */
  readonly folder: string
  readonly names: readonly string[]
  /** As octal digits. */
  readonly mode?: string | undefined
  /** A link in the place of a file is replaced; otherwise it is nothing for this script. */
  readonly replacesLinks: boolean
}

/** Where the files of a folder are made ready. */
export function stage(folder: string, unique: string): string {
  return `${folder}/.hostwright.${unique}`
}

/**
 * Shell that puts many files in place, with a few programs for each folder. `fill` puts them into stages, folders beside them that only their owner may enter.
 * There they get owner and mode, and from there they take their places by renames, all as `replaceScript` does it for one. What is out of the ordinary fails
 * and has to be done file by file; what is in place by then is whole.
 */
export function placeScript(root: string, groups: readonly Placed[], unique: string, fill: Script): Script {
  const folders = [...new Set(groups.map(({ folder }) => folder))]
  const stages = folders.map((folder) => stage(folder, unique))
  return sh`cd -- ${pathWord(root)} || exit 1
u=$(umask)
undo() { rm -rf -- ${stages}; }
trap undo EXIT
trap 'exit 79' HUP INT TERM PIPE
umask 077
for d in ${folders}; do
  set -- "$d"/.hostwright.??????
  [ -e "$1" ] && find "$@" -prune -type d -mmin +60 -exec rm -rf -- {} + 2>/dev/null
done
mkdir -- ${stages} || exit 1
${fill} || exit 1
enter() { cd -- "$1"/.hostwright.${unique}; }
each() {
${raw(groups.map((group) => sh`"$1" ${words(group)} || return 1`.text).join('\n'))}
}
${steps}
each prepare && each settle || exit 1
sync -f -- ${stages} 2>/dev/null || sync
each move || exit 1
sync -- ${folders} 2>/dev/null
exit 0`
}

/** The arguments of each step. */
function words({ folder, names, replacesLinks, mode, ...owner }: Placed): Script {
  return sh`${folder} ${String(replacesLinks)} ${raw(account(owner) ?? "''")} ${mode ?? ''} ${names}`
}

/**
 * A file that was there keeps owner and mode where none are given (with GNU cp also its ACL and SELinux context). Giving it another owner clears setuid, which
 * is then for the way file by file.
 */
const steps = raw(`prepare() (
  r=$2 o=$3 m=$4
  enter "$1" || exit 1
  shift 4
  for f do [ -f "$f" ] && [ ! -d "../$f" ] || exit 1; done
  [ -n "$m" ] || chmod -- "$(printf 00%o $((0644 & ~0$u)))" "$@" || exit 1
  for f do
    shift
    if [ -h "../$f" ]; then "$r" || exit 1
    elif [ -e "../$f" ]; then set -- "$@" "../$f"; fi
  done
  [ $# -gt 0 ] || exit 0
  cp --attributes-only --preserve=all --no-preserve=timestamps -- "$@" . 2>/dev/null
  n=$(stat -c '%u:%g %a' -- "$@") || exit 1
  for f do shift; set -- "$@" "\${f#../}"; done
  [ -z "$o" ] || [ -n "$m" ] || case $n in *" "[2-7][0-7][0-7][0-7]*) exit 1 ;; esac
  [ "$n" = "$(stat -c '%u:%g %a' -- "$@")" ] || printf '%s\\n' "$n" | while read -r w b; do
    chown -- "$w" "$1" && chmod -- "00$b" "$1" || exit 1
    shift
  done
)
settle() {
  [ -z "$3$4" ] || (
    o=$3 m=$4
    enter "$1" || exit 1
    shift 4
    [ -z "$o" ] || chown -- "$o" "$@" || exit 1
    [ -z "$m" ] || chmod -- "$m" "$@"
  )
}
move() ( enter "$1" || exit 1; shift 4; mv -f -- "$@" .. )`)
