import { lines, quote, raw, sh, type Script } from '../../../quote.ts'
import { arrival } from '../scripts/arrival.ts'
import type { Times } from '../files.ts'
import { parentOf, pathWord } from '../host-path.ts'
import { settling } from '../scripts/settle-script.ts'

/**
 * Makes a link beside its place and renames it. `mv -T` replaces a link to a directory; plain `mv` would move into that directory. Tools without `-T` are
 * used only where no other account can put such a link there.
 */
export function linkScript(path: string, target: string, kind: 'symbolic' | 'hard', unique: string): Script {
  return lines(
    arrival,
    settling,
    sh`arrive ${pathWord(path)} || exit 1
[ -d "$f" ] && [ ! -h "$f" ] && { echo "Is a directory" >&2; exit 1; }
t=./.\${f#./}.hostwright.${unique}
trap 'rm -f -- "$t"' EXIT`,
    kind === 'symbolic' ? sh`ln -s -- ${raw(quote(target))} "$t" || exit 1` : hardLink(target),
    raw(`e=$(mv -fT -- "$t" "$f" 2>&1) ||
  { safe && rm -f -- "$f" && mv -f -- "$t" "$f"; } || { echo "$e" >&2; exit 1; }`),
  )
}

/** The source of a hard link must be in the same folder, or on a path that only root can change. Otherwise another account could exchange it. */
function hardLink(target: string): Script {
  const folder = pathWord(parentOf(target))
  return sh`s=${pathWord(target)} p=${folder}
if [ "$p" = "$w" ]; then s=./\${s##*/}
elif [ "$(id -u)" = 0 ]; then
  set --
  while [ -n "$p" ]; do set -- "$@" "$p"; p=\${p%/*}; done
  e=$(stat -L -c '%u %a' -- / "$@") || exit 1
  while read -r k m; do
    [ "$k" = 0 ] && { [ $((0$m & 022)) = 0 ] || [ $((0$m & 01000)) != 0 ]; } ||
      { echo "another account may have put the file $s there" >&2; exit 1; }
  done <<END
$e
END
fi
ln -- "$s" "$t" || exit 1`
}

/** Sets times without following a link, or makes an empty file. */
export function touchScript(path: string, { modification, access }: Times): Script {
  const which = `${access === 'preserve' ? '' : 'a'}${modification === 'preserve' ? '' : 'm'}`
  return lines(
    arrival,
    sh`arrive ${pathWord(path)} follow || exit 1
[ -e "$f" ] || { (set -C; : >"$f"); exit; }`,
    which === '' ? raw('') : sh`touch -ch${raw(which)} -- "$f"`,
  )
}

/**
 * Removes a file, or a folder with its content. GNU rm works by open folders, so a link cannot lead it elsewhere. Other tools may work by paths, as busybox
 * does: there, folders that others may write to are emptied from inside, one by one.
 */
export function removeScript(path: string): Script {
  return lines(
    arrival,
    raw(`clear() (
  v=$w c=\${1#./}
  cd -P -- "$1" && { at "$v/$c" || moved; } || exit 1
  if [ "$2" = look ] && [ -z "$(find . -type d '(' ! -user 0 -o -perm -20 -o -perm -2 ')')" ]; then
    find . ! -name . -prune -exec rm -rf -- {} +
    exit
  fi
  find . ! -name . -prune ! -type d -exec rm -f -- {} + || exit 1
  for f in ./* ./.[!.]* ./..?*; do
    [ -h "$f" ] || [ ! -d "$f" ] || { clear "$f" '' && rmdir -- "$f"; } || exit 1
  done
)`),
    sh`arrive ${pathWord(path)} || exit 1
if [ ! -d "$f" ] || [ -h "$f" ]; then exec rm -f -- "$f"; fi
case $(rm --version 2>/dev/null) in *GNU*) exec rm -rf -- "$f" ;; esac
clear "$f" look && rmdir -- "$f"`,
  )
}
