import { lines, quote, raw, type Script } from '../../../quote.ts'
import type { Expected, WriteOptions } from '../files.ts'

/** The exit status when the file is not what the plan read. */
export const changedSince = 80

/** Shell that replaces `$old` with the new file `$new`. Its working directory is the lock folder. */
export function commitScript({ expected, backup, unsafe, follow }: WriteOptions): Script {
  const nothing = raw('')
  const appended = typeof expected === 'object' ? keepAppended : nothing
  return lines(
    backup === true ? keepBackup(unsafe === true) : nothing,
    rename,
    unsafe === true ? overwrite : nothing,
    expected === undefined ? nothing : stillExpected(expected, follow !== false),
    raw(`rename || ${unsafe === true ? 'overwrite || ' : ''}{ echo "$e" >&2; exit 78; }`),
    appended,
    raw('sync .. 2>/dev/null'),
    appended,
    raw('exit 0'),
  )
}

/**
 * `mv -T` never moves a file into a directory. Without `-T`, another account could put a link to a directory there at the last moment. Old versions of
 * busybox lack `-T`: they are refused only where another account can do this.
 */
const rename = raw(`rename() {
  e=$(mv -fT -- "$new" "$old" 2>&1) && return
  if [ -n "$safe" ]; then e=$(mv -f -- "$new" "$old" 2>&1); return; fi
  case $e in *[Uu]sage*) e="others may write in $v, and mv of this host has no -T, without which it can be led elsewhere" ;; esac
  return 1
}`)

/** Overwrites a file that cannot be renamed, for example a mounted one. It is opened once, checked through the descriptor, and written through it. */
const overwrite = raw(`overwrite() {
  [ -f "$old" ] || return
  if [ -n "$safe" ]; then cat <"$new" >"$old"; return; fi
  {
    read -r x names was_uid x <<END
$(ls -ldnL /proc/self/fd/7)
END
    if [ ! -h "$old" ] && [ "$old" -ef /proc/self/fd/7 ] && { [ "$names" = 1 ] || [ "$was_uid" = "$master" ]; }
    then cat <"$new" >/proc/self/fd/7
    else e="another account may have put the link $v/$f there"; false
    fi
  } 7<"$old"
}`)

/**
 * Keeps the old file, with all its attributes, under another name. It is a hard link, so nothing is written that another account could redirect. If the file
 * is to be overwritten, or has more than one name, the backup is a copy made inside the lock folder.
 */
function keepBackup(inPlace: boolean): Script {
  return raw(`if [ -e "$old" ]; then
  x=$(date +%Y-%m-%d@%H:%M:%S~) i=$$
  while [ -e "../$f.$i.$x" ] || [ -h "../$f.$i.$x" ]; do i=$((i+1)); done
  b=$f.$i.$x
  if [ -n "$safe" ] && [ -h "$old" ]; then cp -p -- "$old" ./0 && mv -f -- ./0 "../$b" || exit 77
  else
    ${inPlace ? 'false' : '[ "$names" = 1 ] && ln -T -- "$old" "../$b" 2>/dev/null'} || {
      cp -pP -- "$old" ./0 && [ ! -h ./0 ] && if [ -n "$safe" ]; then mv -f -- ./0 "../$b"; else mv -fT -- ./0 "../$b"; fi
    } || exit 77
  fi
  printf %s "$v/$b"
fi`)
}

/** Refuses if the file is not what the plan read. A new file is put in place by a hard link, which never replaces anything. */
function stillExpected(expected: Expected, follow: boolean): Script {
  const refuse = 'echo "it changed after it was read" >&2; exit 80'
  if (expected === 'nothing')
    return raw(`[ -e "$old" ] && { ${refuse}; }
if ln -T -- "$new" "$old" 2>/dev/null; then rename() { :; }
elif [ -e "$old" ]${follow ? ' || [ -h "$old" ]' : ''}; then ${refuse}
fi`)
  return raw(`[ -f "$old" ] || { ${refuse}; }
exec 9<"$old" || exit 78
h=$(sha256sum <&9) && [ "\${h%% *}" = ${quote(expected.sha256)} ] || { ${refuse}; }`)
}

/**
 * Lines that a program appended after the comparison are in the old file only. They are read from the offset of the comparison and appended to the new file.
 */
const keepAppended = raw(`if IFS= read -r x <&9; then { printf '%s\\n' "$x"; cat <&9; } >&8 || exit 78
elif [ -n "$x" ]; then printf %s "$x" >&8 || exit 78; fi`)
