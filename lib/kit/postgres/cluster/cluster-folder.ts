import { posix } from 'node:path'
import { arrival } from '../../../host/files/scripts/arrival.ts'
import { directoryScript } from '../../../host/files/scripts/folders-script.ts'
import { lines, sh, type Script } from '../../../quote.ts'
import type { ClusterPlace } from './cluster.ts'

/** Shell function `as_owner COMMAND…`: runs it as the cluster's owner. */
export function asOwner(owner: string): Script {
  return sh`as_owner() { if [ "$(id -un)" = ${owner} ]; then "$@"; elif command -v runuser >/dev/null 2>&1; then runuser -u ${owner} -- "$@"; else su -s /bin/sh ${owner} -c 'exec "$@"' -- sh "$@"; fi; }`
}

/** As chown takes it: the owner, and the group that they log in with. */
export function accountOf(owner: string): { readonly owner: string } {
  return { owner: `${owner}:` }
}

/**
 * Does `work` in the folder that holds the data directory, with the cluster's lock. The folder belongs to the cluster's owner as a rule, who could put links there:
 * so the owner does it, whom no link leads to what is root's. Root does it in a folder that only root can change, by relative names (`./main`). What lies in
 * the data directory itself is always for `as_owner`.
 *
 * @param seconds how long to wait for another run that has the lock
 */
export function inClusterFolder(place: ClusterPlace, owner: string, seconds: number, work: Script): Script {
  const folder = posix.dirname(place.data)
  return lines(
    asOwner(owner),
    sh`trap '' PIPE HUP
(${directoryScript(folder, accountOf(owner))}
) || exit`,
    arrival,
    sh`enter ${folder} || exit
worker=as_owner
if [ "$(id -u)" != 0 ]; then worker=
else case $(stat -c '%u %a' .) in '0 '*[0145][0145]) worker= ;; esac
fi
$worker sh -c ${lines(locking(place, owner, seconds), work).text} || exit`,
  )
}

/**
 * Takes the lock for the rest of the script, and says in it who has it. Another run that still works on the cluster is waited for; a clone whose script has died can
 * only copy for nothing, and is ended. What this script starts ignores a broken pipe: a pg_basebackup that died of one would leave its WAL receiver behind, with
 * the lock.
 *
 * Functions: `make_own ./NAME` makes a directory that is the owner's where only root can; `take_away ./NAME` removes one with what is in it.
 */
function locking({ data, lock }: ClusterPlace, owner: string, seconds: number): Script {
  const file = `./${posix.basename(lock)}`
  return sh`set -eu
trap '' PIPE HUP
${asOwner(owner)}
make_own() { [ "$(id -u)" != 0 ] || { [ -d "$1" ] || mkdir -m 700 "$1"; chown -h ${owner}: "$1"; }; }
take_away() { as_owner rm -rf ${posix.dirname(data)}/"$1" 2>/dev/null || :; [ ! -e "$1" ] || rmdir "$1"; }
[ ! -e ${file} ] || [ -w ${file} ] || rm -f ${file}
exec 9>>${file}
if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
  holder=$(cat ${file})
  echo "waiting for another run that works on this cluster ($holder)"
  if ! kill -0 "$holder" 2>/dev/null; then
    for process in /proc/[0-9]*; do
      if [ "$process/fd/9" -ef ${file} ] && [ "$(cat "$process/comm")" = pg_basebackup ] && [ "$(cat ${file})" = "$holder" ]; then kill -KILL "\${process#/proc/}" || :; fi
    done 2>/dev/null
  fi
  flock -w ${seconds} 9 || { echo ${`another run still works on it and holds ${lock}: process`} "$holder" >&2; exit 75; }
fi
echo "$$" >${file}`
}
