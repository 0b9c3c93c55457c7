import { raw } from '../../../quote.ts'

/**
 * Shell functions with which root enters a folder that other accounts cannot redirect. A script then uses relative names only, so it does not matter what
 * others rename or replace on the path.
 *
 * - `enter FOLDER` makes it the working directory.
 * - `arrive PATH` enters the folder of PATH and sets `$f` to `./NAME`. It does not follow a link at PATH.
 * - `arrive PATH follow` follows it. If PATH is a directory, it enters that and sets `$f` to `.`.
 *
 * Each sets `$w` to the working directory (empty for `/`), and fails with a reason.
 *
 * A path without links needs no extra program. A path with links is walked name by name. root follows a link that only root can have made. It follows a link
 * that another account may have made only into folders of that account. Accounts other than root follow every link.
 *
 * The functions use variables of one letter, and `me`. A script gives longer names to what it needs after a call.
 *
 * The working directory is asked of the system after each step. Bash would answer from memory, so there the step goes through `/proc/self/cwd`.
 */
export const arrival = raw(`here() {
  w=pwd
  [ -z "\${BASH_VERSION-}" ] || cd -P /proc/self/cwd 2>/dev/null || w='env pwd'
  w=$($w -P && echo .) && w=\${w%??} && w=\${w%/}
}
at() { here && [ "$w" = "\${1%/}" ]; }
planted() { echo "another account may have put the link $b there" >&2; return 1; }
moved() { echo "another account moved or replaced $w/$c meanwhile" >&2; return 1; }
reason() { ls -d -- "$1/." >/dev/null && echo "Permission denied" >&2; return 1; }
enter() {
  cd -P -- "$1" 2>/dev/null && at "$1" && return
  [ -d "$1/." ] || reason "$1" || return
  walk "$1/." && own
}
arrive() {
  d=\${1%/*} f=./\${1##*/}
  [ "$f" != ./ ] || f=.
  if cd -P -- "\${d:-/}" 2>/dev/null && at "$d" && { [ -z "\${2-}" ] || [ ! -h "$f" ]; }
  then [ -z "\${2-}" ] || inside
  else
    [ -d "$d/." ] || reason "$d" || return
    walk "$1" "\${2-}" && { [ -z "\${2-}" ] || inside; } && own
  fi
}
step() {
  cd -P -- "./$c" 2>/dev/null || reason "./$c" || return
  at "$v/$c" || moved
}
inside() {
  [ -d "$f" ] && [ ! -h "$f" ] && [ "$f" != . ] || return 0
  c=\${f#./} v=$w f=.
  step
}
own() { [ -z "$u" ] || [ "$(stat -c %u .)" = "$u" ] || planted; }
walk() {
  r=$1 i=0 u= f=. w= me=$(id -u)
  cd / || return
  while [ -n "$r" ]; do
    c=\${r%%/*}
    case $r in */*) r=\${r#*/} ;; *) r= ;; esac
    case $c in '' | .) continue ;; ..) cd -P .. && here || return; continue ;; esac
    if [ -h "./$c" ] && [ -n "$r\${2-}" ]; then
      i=$((i+1))
      [ $i -le 40 ] || { echo "Too many levels of symbolic links" >&2; return 1; }
      leads || return
      case $l in /*) cd / && w= ;; esac
      r=$l\${r:+/$r}
    elif [ -n "$r" ]; then
      v=$w
      step || return
    else f=./$c
    fi
  done
}
leads() {
  { read -r o m; read -r k l; } <<END
$(stat -c '%u %a' -- . "./$c")
END
  b=$w/$c
  l=$(readlink -n -- "./$c" && echo .) && l=\${l%.} || moved || return
  if [ "$me" != 0 ]; then return; fi
  if [ $((0$m & 022)) = 0 ] || [ "$k" = 0 ]; then
    [ "$o" != 0 ] || { [ $((0$m & 022)) = 0 ] || [ $((0$m & 01000)) != 0 ] || planted; return; }
    k=$o
  fi
  [ "\${u:-$k}" = "$k" ] || planted || return
  u=$k
}`)

/**
 * `stage NAME` makes a folder in the working directory and enters it. Only root may enter it, so nobody else can replace a file in it. Call it in a subshell:
 * the folder is removed, with its content, when that shell ends.
 */
export const staging = raw(`stage() {
  v=$w c=$1
  mkdir -m 700 -- "./$c" && cd -P -- "./$c" && { at "$v/$c" && [ -O . ] || moved; } || exit 1
  trap 'rm -rf -- ./* ./.[!.]* ./..?*; cd -P .. && rmdir -- "./\${w##*/}"' EXIT
  trap 'exit 79' HUP INT TERM PIPE
  case $(stat -c %a .) in 700 | ?700) ;; *) moved || exit 1 ;; esac
}`)
