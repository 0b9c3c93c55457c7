import { lines, quote, raw, type Script } from '../../../quote.ts'
import type { FileAttributes } from '../files.ts'

/** Modes that a new file can get from the umask alone, with that umask. */
const umasks: Readonly<Record<string, string>> = {
  '0600': '077',
  '0640': '027',
  '0644': '022',
  '0660': '007',
  '0664': '002',
}

/**
 * Shell that makes the new file `$new`, by `fill`, and gives it owner and mode. Those of the file that was there (`$old`) are kept where none are given, with
 * GNU tools also its access control list and SELinux context; a new file gets 0644 less the umask. What it has from its making is not set again, which would
 * take a program. Owner first: changing it clears setuid.
 *
 * `$safe` then says whether nobody else can rename in the folder, and `$names` how many names the old file has.
 *
 * @param mode as octal digits
 */
export function newFile({ owner, group, mode }: FileAttributes, fill: Script): Script {
  const number = (name: string | undefined) => quote(name === 'root' ? '0' : (name ?? ''))
  return lines(
    functions,
    raw(`{ read -r stage x uid gid x; read -r folder x master x; read -r was names was_uid was_gid x; } <<END
$(ls -ldn -- . .. "$old" 2>/dev/null)
END
private "$stage"
safe= was_mode=
case $uid:$folder in "$master":d????-??-? | "$master":d????-??-?.) safe=y ;; esac
case $was in l*) was= ;; esac
[ -z "$was" ] || octal "\${was#?}"
case $safe:$was_mode:$names in
  :[2-7]*:1) ;;
  :[2-7]*) echo "another account may have put the link $v/$f there (a hard link)" >&2; exit 75 ;;
esac
mode=${mode?.slice(-4) ?? '$was_mode'} own=${number(owner)} grp=${number(group)} set=
case $mode in
${Object.entries(umasks)
  .map(([bits, umask]) => `  ${bits}) umask ${umask} ;;`)
  .join('\n')}
  '') umask go-w ;;
  *) umask 077; set=y ;;
esac
case $stage in *+) set=y ;; esac`),
    fill,
    raw(`case $was in
  *+ | *.)
    if take_lists 2>/dev/null && [ "$uid" = 0 ]; then uid=$was_uid gid=$was_gid; else uid=; fi
    if [ -n "$uid" ] && [ "$mode" = "$was_mode" ]; then set=; else set=y; fi ;;
esac
[ -z "$was" ] || own=\${own:-$was_uid} grp=\${grp:-$was_gid}
own=\${own:-$uid}:\${grp:-$gid}
if [ "$own" != "$uid:$gid" ]; then
  chown -- "$own" "$new" || exit 75
  case $mode in [2-7]*) set=y ;; esac
fi
if [ -z "$set" ]; then :
elif [ -n "$mode" ]; then chmod -- "0$mode" "$new" || exit 75
else chmod -- a=,+rw,go-w "$new" || exit 75
fi`),
  )
}

/**
 * `octal` reads a mode as `ls` writes it. `take_lists` copies all attributes. Where others can put another file in the place of the old one in the meantime, it
 * copies them from a hard link, which they cannot replace.
 */
const functions = raw(`octal() {
  x=$1 special=0
  for bit in 4 2 1; do
    digit=0
    case $x in r*) digit=4 ;; esac
    case $x in ?w*) digit=$((digit+2)) ;; esac
    case $x in ??[xst]*) digit=$((digit+1)) ;; esac
    case $x in ??[sStT]*) special=$((special+bit)) ;; esac
    was_mode=$was_mode$digit x=\${x#???}
  done
  was_mode=$special$was_mode
}
take_lists() {
  x=$old
  [ -n "$safe" ] || { ln -- "$old" ./0 && [ ! -h ./0 ] && x=./0; } || return
  cp --attributes-only --preserve=all --no-preserve=timestamps -- "$x" "$new"
}`)
