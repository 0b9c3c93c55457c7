import * as assert from 'uvu/assert'
import type { OpenLab } from '../../lab/index.ts'
import { asRoot, sql } from '../playbooks/support.ts'

const folder = '/var/tmp/writer'

/**
 * A client that writes a row after another to whoever takes writes, from one of the hosts, and notes which were acknowledged. A commit that is cut off is not: the
 * row may be there or not.
 */
export async function startWriter(lab: OpenLab, on: string, leader: string, servers: readonly string[]) {
  await sql(lab, leader, 'create table written (n bigint); grant all on written to replicator')
  const password = /^replication_password=(.*)$/m.exec(lab.inventory())?.[1] ?? ''
  const hosts = servers.map((server) => lab.address(server)).join(',')
  await asRoot(
    lab,
    on,
    `mkdir -p ${folder}; rm -f ${folder}/*
cat >${folder}/run <<'END'
export PGPASSWORD='${password}' PGCONNECT_TIMEOUT=2
n=0
while [ ! -e ${folder}/stop ]; do
  n=$((n + 1))
  said=$(timeout 60 psql -Xqt -v ON_ERROR_STOP=1 -c "insert into written values ($n)" 'host=${hosts} user=replicator dbname=postgres target_session_attrs=read-write' 2>&1) &&
    case $said in *WARNING*) ;; *) echo "$n" >>${folder}/acknowledged ;; esac
done
END
setsid sh ${folder}/run >/dev/null 2>&1 </dev/null & echo $! >${folder}/pid`,
  )
}

/** How many rows were acknowledged so far. */
export async function acknowledged(lab: OpenLab, on: string): Promise<number> {
  return Number(await asRoot(lab, on, `cat ${folder}/acknowledged 2>/dev/null | wc -l`))
}

/** Ends it, and sees that every acknowledged row is on each of these servers. @returns how many there were. */
export async function endWriter(lab: OpenLab, on: string, servers: readonly string[]): Promise<number> {
  const text = await asRoot(
    lab,
    on,
    `touch ${folder}/stop; while kill -0 "$(cat ${folder}/pid)" 2>/dev/null; do sleep 0.2; done; cat ${folder}/acknowledged`,
  )
  const known = text.trim().split('\n').map(Number)
  for (const server of servers) {
    const rows = new Set((await sql(lab, server, 'select n from written')).split('\n').map(Number))
    assert.equal(
      known.filter((n) => !rows.has(n)),
      [],
      `acknowledged rows are missing on ${server}`,
    )
  }
  return known.length
}
