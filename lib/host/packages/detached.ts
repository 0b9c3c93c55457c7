import { raw, sh, type Script } from '../../quote.ts'

/**
 * A script that is followed but not held: it runs in a session of its own with its output in a file, and goes on to its end when whoever follows is gone (the
 * controller killed, the cable cut), for writing to a file never fails as writing to a lost connection does. A package system stopped halfway would be worse
 * than one that finishes unseen.
 *
 * It needs `setsid` and `mktemp`; the follower polls where `tail` knows no `--pid`.
 */
export function detached(script: Script): Script {
  return sh`trap '' HUP PIPE
d=$(mktemp -d /run/hostwright.XXXXXX 2>/dev/null || mktemp -d) || exit 1
(setsid sh -c ${`trap '' HUP PIPE; echo $$ >"$1/pid"; (sh -c "$2"); echo $? >"$1/status.new"; mv "$1/status.new" "$1/status"`} sh "$d" ${script.text} >"$d/output" 2>&1 </dev/null &)
n=0
while [ ! -s "$d/pid" ] && [ $n -lt 250 ]; do sleep 0.02; n=$((n+1)); done
${raw(follow)}
while [ ! -e "$d/status" ] && [ -d "/proc/$(cat "$d/pid")" ]; do sleep 0.1; done
s=$(cat "$d/status" 2>/dev/null || echo 137)
rm -rf "$d"
exit "$s"`
}

const follow = 'tail -s 0.1 --pid="$(cat "$d/pid")" -n +1 -f "$d/output" 2>/dev/null'
