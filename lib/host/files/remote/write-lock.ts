import { raw } from '../../../quote.ts'

/** The exit status of a script that did not get the lock. */
export const locked = 81

/**
 * Shell for a lock that is also the folder in which the new file is made. `lock ./.NAME.hostwright`, called in the folder of the file, makes it and enters
 * it. `mkdir` is atomic everywhere, even without `flock`. Only root may enter the folder, so nothing in it can be replaced; `private` checks this from the
 * line of `ls -l`. Inside it, `..` is always the folder of the file, whatever others rename.
 *
 * The name of the new file begins with `$me`: process, its start time, boot and host of the writer. If that process is dead, the next writer takes the lock
 * over: it makes the file `2` (`3`, …) inside with `set -C`, which only one of several can do. Writers on another machine (a shared file system) cannot be
 * checked: their lock expires after an hour.
 */
export const lockFunctions = raw(`started() {
  { read -r pid x <"/proc/$1/stat"; } 2>/dev/null || return
  set -- \${x##*) }
  shift 19
  start=$1
}
self() {
  host= boot=
  { read -r host </proc/sys/kernel/hostname; read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  started self || { pid=$$ start= boot=; }
  me=$pid,$start,$boot,$host,
}
older() { [ -n "$(find . -prune -mmin "+$1")" ]; }
gone() {
  r=\${1#*,*,} t=\${1#*,}
  [ -n "\${r%%,*}" ] && [ "\${r#*,}" = "$host," ] || { older 60; return; }
  [ "\${r%%,*}" != "$boot" ] || ! started "\${1%%,*}" || [ "$start" != "\${t%%,*}" ]
}
take_over() (
  v=$w n=2
  cd -P -- "$1" && at "$v/\${1#./}" && [ -O . ] || exit
  case $(ls -ldn .) in drwx--[-S]---*) ;; *) exit 1 ;; esac
  for x in ./* ./.[!.]* ./..?*; do
    case $x in ./*,*,*,*,* | ./[0-9]) ;; *) [ ! -e "$x" ] && [ ! -h "$x" ] || exit ;; esac
  done
  while [ -e $n ]; do n=$((n+1)); done
  set -- ./*,*,*,*,*
  if [ $n -gt 2 ]; then read -r by <$((n-1)) && gone "$by"
  elif [ -e "$1" ]; then by=\${1#./} && gone "\${by%"\${by#*,*,*,*,}"}"
  else older 1
  fi && set -C && echo "$me" >$n && rm -f -- ./*,*,*,*,* ./0
)
lock() {
  i=0 v=$w c=\${1#./}
  until (umask 077; exec mkdir -- "$1") 2>/dev/null; do
    take_over "$1" 2>/dev/null && break
    if [ -e "$1" ] || [ -h "$1" ]; then
      if [ -O "$1" ]; then n=3000; else n=300; fi
      [ $i -lt $n ] || { echo "another process has been writing it for too long, or left $v/$c behind" >&2; exit 81; }
      i=$((i+1))
      sleep 0.1 2>/dev/null || sleep 1
    else (umask 077; exec mkdir -- "$1") && break || [ -e "$1" ] || exit 73
    fi
  done
  exec 7<.
  cd -P -- "$1" && at "$v/$c" && [ -O . ] || {
    # Moved with the folder that it is in: the next writer need not wait for this empty lock to expire.
    { [ .. -ef /proc/self/fd/7 ] && [ -O . ] && cd -P .. && rmdir -- "./$c"; } 2>/dev/null
    w=$v
    moved || exit 72
  }
}
empty() { for x in ./* ./.[!.]* ./..?*; do [ ! -e "$x" ] && [ ! -h "$x" ] || return 1; done; }
private() {
  case $1 in
    drwx--[-S]---*) [ -e ./2 ] || empty ;;
    # An access control list of the folder above can give others more than the umask says.
    *) chmod 700 . && empty ;;
  esac || { w=$v; moved || exit 72; }
  trap unlock EXIT
  trap 'exit 79' HUP INT TERM PIPE
}
unlock() {
  trap '' HUP INT TERM PIPE
  empty || rm -rf -- ./* ./.[!.]* ./..?*
  cd -P .. && rmdir -- "./$c"
}`)
