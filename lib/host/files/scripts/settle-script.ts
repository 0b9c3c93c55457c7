import { lines, raw } from '../../../quote.ts'
import { staging } from './arrival.ts'

/**
 * `settle STAGE OWNER MODE NAME…` sets owner and mode (empty: unchanged) of names in the working directory: `.`, or `./NAME` of something that is no
 * directory. Links are not followed and keep their mode.
 *
 * `chmod` follows links. So in a folder that another account can change, it works on hard links in a stage, where that account cannot replace them. A file
 * that has several names and does not belong to the folder's owner is refused: the owner may have made a hard link to a file of root.
 */
export const settling = lines(
  staging,
  raw(`give() {
  [ -z "$g" ] || chown -h -- "$g" "$@" || return
  [ -n "$n" ] || return 0
  for f do shift; [ -h "$f" ] || set -- "$@" "$f"; done
  [ $# = 0 ] || chmod -- "$n" "$@"
}
safe() {
  s=$(stat -c '%u %a' -- . "$@") || return 2
  {
    read -r o m
    [ "$o" = 0 ] || return 1
    [ $((0$m & 022)) != 0 ] || return 0
    [ $((0$m & 01000)) != 0 ] || return 1
    while read -r k m; do [ "$k" = 0 ] || return 1; done
  } <<END
$s
END
}
settle() (
  t=$1 g=$2 n=$3
  shift 3
  if [ "$1" != . ]; then
    safe "$@"
    case $? in 0) ;; 1) [ "$(id -u)" != 0 ] || pin "$@" || exit ;; *) exit 1 ;; esac
  fi
  give "$@"
)
pin() {
  stage "$t"
  for f do shift; set -- "$@" "../\${f#./}"; done
  ln -- "$@" . || return
  for f do shift; set -- "$@" "./\${f##*/}"; done
  s=$(stat -c '%u %h' -- "$@") || return
  while read -r k h; do
    [ "$k" = "$o" ] || [ "$h" -le 2 ] ||
      { echo "another account may have put the link $v/\${1#./} there (a hard link)" >&2; return 1; }
    shift
  done <<END
$s
END
}`),
)
