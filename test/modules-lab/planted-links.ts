import { raw } from '../../lib/quote.ts'
import type { Host } from '../../lib/host/host.ts'
import { meddle } from './pg_lab.ts'

const roots = '/srv/roots'

/** A folder of root on the host, which links of another account will point to; gives what there is to see of it. */
export async function folderOfRoot(host: Host): Promise<() => Promise<string>> {
  await meddle(host, `rm -rf ${roots}; mkdir -m 755 ${roots}; echo secret >${roots}/file; chmod 600 ${roots}/file`)
  return () => meddle(host, `cd ${roots}; find . -printf '%p %y %u:%g %m %s %i %C@\\n' | sort; cat file`)
}

interface Place {
  readonly version: string
  readonly data: string
  readonly config: string
}

/** Links that the account postgres can put into its own folders, by what they stand for. */
export function plantedLinks({ version, data, config }: Place): Readonly<Record<string, string>> {
  const folder = `/var/lib/postgresql/${version}`
  const link = (path: string, to = 'file') => `mkdir -p "$(dirname ${path})"; ln -sfn ${roots}/${to} ${path}`
  return {
    'the lock': link(`${folder}/.main.hostwright-lock`),
    'a lock that is not there': link(`${folder}/.main.hostwright-lock`, 'new'),
    'the clone': link(`${data}.hostwright-clone`, ''),
    'the data directory': link(data, ''),
    'the folder of the data directory': `mv ${folder} ${folder}.mine; ${link(folder, '')}`,
    'the password': link(`${folder}/.main.pgpass`),
    'the log': link(`/var/log/postgresql/postgresql-${version}-main.log`),
    'a log that is not there': link(`/var/log/postgresql/postgresql-${version}-main.log`, 'new'),
    'the process number': link(`/run/postgresql/${version}-main.pid`),
    'the folder of the configuration': link(config, ''),
    'files of the configuration': ['postgresql.conf', 'pg_hba.conf', 'start.conf', 'pg_ctl.conf']
      .map((file) => link(`${config}/${file}`))
      .join('; '),
    'files of the configuration that are not there': ['environment', 'start.conf', 'pg_ctl.conf']
      .map((file) => link(`${config}/${file}`, 'new'))
      .join('; '),
    'parts of the configuration': link(`${config}/conf.d`, ''),
  }
}

/** All that a clone left, and all that was planted for it. */
export const swept = ({ version, data, config }: Place) =>
  `systemctl stop postgresql@${version}-main; folder=/var/lib/postgresql/${version}
[ ! -d $folder.mine ] || { rm -f $folder; mv $folder.mine $folder; }
rm -rf ${data} ${data}.hostwright-clone ${config} $folder/.main.* /run/postgresql/${version}-main.pid /var/log/postgresql/*`

/** While `work` lasts, the account postgres keeps putting links where the clone and its files come to be. */
export async function whilePlanting(host: Host, { data }: Place, work: () => Promise<unknown>): Promise<void> {
  const names =
    'standby.signal recovery.conf postgresql.conf pg_hba.conf pg_ident.conf postgresql.auto.conf backup_label'
  const folders = `${data} ${data}.hostwright-clone`
  const racing = `for folder in ${folders}; do for name in ${names}; do ln -sf ${roots}/file $folder/$name; done; done 2>/dev/null`
  const stop = '/run/postgresql/stop'
  const { stdout } = await host.ask(
    raw(
      `runuser -u postgres -- sh -c 'while [ ! -e ${stop} ]; do ${racing}; sleep 0.01; done' >/dev/null 2>&1 & echo $!`,
    ),
  )
  try {
    await work()
  } finally {
    await meddle(host, `touch ${stop}; while kill -0 ${stdout.trim()} 2>/dev/null; do sleep 0.1; done; rm ${stop}`)
  }
}
