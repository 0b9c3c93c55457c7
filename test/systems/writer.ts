import * as assert from 'uvu/assert'
import type { OpenLab } from '../../lab/index.ts'
import { asRoot, sql } from '../playbooks/support.ts'

const folder = '/var/tmp/writer'

/** The value of a variable of the lab's inventory. */
export const passwordIn = (lab: OpenLab, name: string): string =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(lab.inventory())?.[1] ?? ''

/**
 * A client that writes a row after another, from one of the hosts, and notes which were acknowledged, and when. A commit that is cut off is not: the row may be there
 * or not. The table `written` is there already.
 */
export async function startClient(
  lab: OpenLab,
  on: string,
  way: { readonly conninfo: string; readonly password: string },
) {
  await asRoot(
    lab,
    on,
    `mkdir -p ${folder}; rm -f ${folder}/*
cat >${folder}/run <<'END'
export PGPASSWORD='${way.password}' PGCONNECT_TIMEOUT=2
n=0
while [ ! -e ${folder}/stop ]; do
  n=$((n + 1))
  said=$(timeout 60 psql -Xqt -v ON_ERROR_STOP=1 -c "insert into written values ($n)" '${way.conninfo}' 2>&1) &&
    case $said in *WARNING*) ;; *) echo "$n $(date +%s.%N)" >>${folder}/acknowledged ;; esac
done
END
setsid sh ${folder}/run >/dev/null 2>&1 </dev/null & echo $! >${folder}/pid`,
  )
}

/** A client of whoever of these servers takes writes. */
export async function startWriter(lab: OpenLab, on: string, leader: string, servers: readonly string[]) {
  await sql(lab, leader, 'create table written (n bigint); grant all on written to replicator')
  const hosts = servers.map((server) => lab.address(server)).join(',')
  await startClient(lab, on, {
    conninfo: `host=${hosts} user=replicator dbname=postgres target_session_attrs=read-write`,
    password: passwordIn(lab, 'replication_password'),
  })
}

/** How many rows were acknowledged so far. */
export async function acknowledged(lab: OpenLab, on: string): Promise<number> {
  return Number(await asRoot(lab, on, `cat ${folder}/acknowledged 2>/dev/null | wc -l`))
}

export interface Written {
  readonly rows: number
  /** The longest time in which no row was acknowledged, in seconds. */
  readonly gap: number
}

/** Ends it, and sees that every acknowledged row is on each of these servers. */
export async function endWriter(lab: OpenLab, on: string, servers: readonly string[]): Promise<Written> {
  const text = await asRoot(
    lab,
    on,
    `touch ${folder}/stop; while kill -0 "$(cat ${folder}/pid)" 2>/dev/null; do sleep 0.2; done; cat ${folder}/acknowledged`,
  )
  const known = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [row: number, time: number])
  for (const server of servers) {
    const rows = new Set((await sql(lab, server, 'select n from written')).split('\n').map(Number))
    assert.equal(
      known.flatMap(([n]) => (rows.has(n) ? [] : [n])),
      [],
      `acknowledged rows are missing on ${server}`,
    )
  }
  const gaps = known.slice(1).map(([, time], i) => time - (known[i]?.[1] ?? time))
  return { rows: known.length, gap: Math.max(0, ...gaps) }
}
