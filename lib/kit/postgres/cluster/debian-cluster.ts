import { posix } from 'node:path'
import { directoryScript } from '../../../host/files/scripts/folders-script.ts'
import { attributesScript } from '../../../host/files/remote/remote-attributes.ts'
import { touchScript } from '../../../host/files/remote/remote-places.ts'
import { uniqueLetters } from '../../../host/files/remote/remote-writing.ts'
import { raw, sh, type Script } from '../../../quote.ts'
import { accountOf, inClusterFolder } from './cluster-folder.ts'
import { unitOf, type ClusterPlace } from './cluster.ts'

/**
 * Does `work`, in which `as_owner pg_createcluster` makes one of Debian's clusters, if it is not one yet. Run by root, pg_createcluster would follow what links the
 * owner put into the data and the configuration. So root only makes what the owner cannot, the configuration's folder and the log, and tells systemd and
 * apt of the cluster afterwards, which pg_createcluster does for root only. An empty directory of root for the data, as a new file system is, becomes the owner's.
 */
export function makingDebian({ config, version, name, data }: ClusterPlace, owner: string, work: Script): Script {
  const log = `/var/log/postgresql/postgresql-${version}-${name}.log`
  const mine = accountOf(owner)
  const readers = owner === 'postgres' ? { owner, group: 'adm' } : mine
  return sh`making=
if [ "$(id -u)" = 0 ] && command -v pg_createcluster >/dev/null 2>&1 && [ ! -f ${config}/environment ]; then
  making=y
  (${directoryScript(posix.dirname(config), accountOf('postgres'))}
  ) && (${directoryScript(config, mine)}
  ) && (${attributesScript(config, mine, false, uniqueLetters())}
  ) && (${touchScript(log, { modification: 'preserve', access: 'preserve' })}
  ) && (${attributesScript(log, { ...readers, mode: '0640' }, false, uniqueLetters())}
  ) || exit
fi
if [ "$(id -u)" = 0 ] && [ -d ${data} ] && [ -O ${data} ] && [ -z "$(ls -A ${data})" ]; then (${attributesScript(data, mine, true, uniqueLetters())}
  ) || exit
fi
${work}
[ -z "$making" ] || { ${telling}
}`
}

/** What Debian's tools do for root only, after a cluster was made or removed. */
const telling = raw(`[ ! -d /run/systemd/system ] || systemctl daemon-reload
[ ! -x /usr/share/postgresql-common/pg_updateaptconfig ] || /usr/share/postgresql-common/pg_updateaptconfig
:`)

/**
 * Stops and removes one of Debian's clusters. Run by root, pg_dropcluster would remove what links of the owner lead to: the log, tablespaces, the WAL.
 * As the owner it cannot remove a data directory that lies in a folder of root: that is done when it is empty, and then it removes the rest.
 */
export function droppingDebian(place: ClusterPlace, owner: string): Script {
  const { version, name, data } = place
  const here = `./${posix.basename(data)}`
  const dropping = sh`as_owner pg_dropcluster --stop ${version} ${name} 9>&-`
  const units = ['pg_receivewal', 'pg_basebackup', 'pg_dump'].map(
    (unit) => `${unit}@${version}-${name}.${unit === 'pg_receivewal' ? 'service' : 'timer'}`,
  )
  return sh`if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ]; then
  systemctl stop ${unitOf(place)}
  systemctl -q disable ${unitOf(place)}
  systemctl -q disable --now ${units}
fi 2>/dev/null
${inClusterFolder(place, owner, 600, sh`${dropping} || { [ "$(id -u)" = 0 ] && rmdir ${here} && ${dropping}; }`)}
[ "$(id -u)" != 0 ] || { ${telling}
}`
}
