import { raw, sh, type Script } from '../../quote.ts'
import { endStatus } from './ending.ts'

/** A program of ours on a host. */
export interface Running {
  readonly pid: number
  /** A loop outlives its requests: what earlier ones left behind in its session is not to be ended with it. */
  readonly loop: boolean
}

/** Tenths of a second from the request to end to the kill, and from there until they are given up. */
const patience = { asked: 20, killed: 5 }

/**
 * Ends programs and what they have started: asked first, then killed. It reads /proc, because `ps` and `pkill` are not everywhere. It looks again
 * until nobody is left, as what is to be ended may start others meanwhile; stopping it first would stop sudo and su above it, too.
 *
 * A process belongs to a program when its parent does, or when its session was begun by one that does. One that has lost its parent belongs by the session alone; one
 * that has left both (a daemon) goes on. Where a container's session tells nothing (`nsenter`; `docker exec` begins one), those without a parent are named.
 */
export function endTree(programs: readonly Running[]): Script {
  const pids = programs.map(({ pid }) => pid)
  const loops = programs.filter(({ loop }) => loop).map(({ pid }) => pid)
  return sh`known=${` ${pids.join(' ')} `} loops=${` ${loops.join(' ')} `}
${raw(walk)}`
}

const walk = `set -f
nl='
' spared=' ' owned=' ' own=' ' told=' ' since= elsewhere= above=$known

# Processes that have not ended, as pid:parent:session:start. A name may hold anything, newlines too: grep puts the file before each line.
look() {
  table= text= file= IFS=$nl
  for line in $(set +f; IFS=' '; cd /proc && grep '' /dev/null $1 2>/dev/null) :; do
    if [ "\${line%%:*}" = "$file" ]; then text=$text\${line#*:}; continue; fi
    if [ -n "$file" ]; then
      pid=\${file%/stat} IFS=' '
      set -- \${text##*) }
      case $1 in Z | X) ;; *) table="$table $pid:$2:$4:\${20}" ;; esac
    fi
    file=\${line%%:*} text=\${line#*:}
  done
  IFS=' '
}
parts() {
  pid=\${1%%:*} start=\${1##*:} parent=\${1#*:} session=\${1%:*}
  parent=\${parent%%:*} session=\${session##*:}
}
has() { case $1 in *" $2 "*) return 0 ;; *) return 1 ;; esac; }

# Adds who belongs: by the parent, and with an argument by the session too.
join() {
  members=' '
  for entry in $table; do parts "$entry"; ! has "$owned" "$session" || members="$members$pid "; done
  more=1
  while [ -n "$more" ]; do
    more=
    for entry in $table; do
      parts "$entry"
      ! has "$known$spared" "$pid" || continue
      if ! has "$known" "$parent"; then
        [ -n "$1" ] || continue
        has "$known" "$session" || { has "$owned" "$session" && ! has "$members" "$parent" && [ "$start" -ge "$since" ]; } || continue
      fi
      known="$known$pid " more=1
    done
  done
}

look '[0-9]*/stat'
if [ -z "$table" ]; then { kill -s TERM $known; sleep 1; kill -s KILL $known; } 2>/dev/null; exit ${endStatus.noProc}; fi
# Whose sessions they are in, and since when. A session that began outside of the container (0) may have others in it.
for entry in $table; do
  parts "$entry"
  has "$known" "$pid" || continue
  [ -n "$since" ] && [ "$since" -le "$start" ] || since=$start
  if [ "$session" != 0 ]; then owned="$owned$session "; elif ! has "$loops" "$pid"; then elsewhere=1; fi
  ! has "$loops" "$pid" || own="$own$session "
done
# Those above them stay.
more=1
while [ -n "$more" ]; do
  more=
  for entry in $table; do
    parts "$entry"
    has "$above" "$pid" && ! has "$above" "$parent" && above="$above$parent " more=1
  done
done
for pid in $above; do has "$known" "$pid" || spared="$spared$pid "; done
# What earlier requests of a loop have left stays.
join
for entry in $table; do parts "$entry"; ! has "$own" "$session" || has "$known" "$pid" || spared="$spared$pid "; done

round=0 whole=1
while :; do
  [ -z "$whole" ] || join sessions
  left= files=
  for entry in $table; do pid=\${entry%%:*}; ! has "$known" "$pid" || { left="$left $pid" files="$files $pid/stat"; }; done
  if [ -n "$left" ]; then
    if [ $round -lt 3 ]; then
      # Those that come later are taken for what cleans up.
      for pid in $left; do has "$told" "$pid" || { told="$told$pid "; kill -s TERM "$pid"; }; done
    elif [ $round -ge ${patience.asked + patience.killed} ]; then break
    elif [ $round -ge ${patience.asked} ]; then kill -s KILL $left; fi 2>/dev/null
    [ $round -lt 2 ] || sleep 0.1 2>/dev/null || { sleep 1; round=$((round+9)); }
    round=$((round+1)) whole=
  elif [ -n "$whole" ]; then break
  else whole=1; fi
  if [ $round -lt 3 ] || [ $round -ge ${patience.asked} ]; then whole=1; fi
  if [ -n "$whole" ]; then look '[0-9]*/stat'; else look "$files"; fi
done
names() {
  for pid in $1; do { read -r name <"/proc/$pid/comm"; } 2>/dev/null && printf '%s (process %s)\\n' "$name" "$pid"; done
}
if [ -n "$left" ]; then names "$left"; exit ${endStatus.left}; fi
[ -n "$elsewhere" ] || exit 0
for entry in $table; do
  parts "$entry"
  [ "$session:$parent" != 0:1 ] || [ "$start" -lt "$since" ] || left="$left $pid"
done
[ -n "$left" ] || exit 0
names "$left"
exit ${endStatus.doubtful}`
