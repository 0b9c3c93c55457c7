// needs: python3 python3-yaml bind9-utils chrony haproxy
/** Values in the variables of the shipped playbooks: what their tasks ask of hosts, and what their templates write, has them as one value, or they are refused. */
import { isIPv4 } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PlaybookData } from '../../../lib/play/data.ts'
import { revealDeep } from './reveal-deep.ts'
import { draws, drawnFrom, hostileValues } from '../../support/hostile-values.ts'
import { alike, scriptTrouble, treesAlike, type Swap } from './alike.ts'
import { callsIn, type Called, type PlaybookCall } from './calls.ts'
import { conninfoOf, learnConninfos } from './conninfos.ts'
import { placesIn } from './places.ts'
import { pgpassFields, refusedByReader } from './readers.ts'
import { templateReaders } from './template-readers.ts'

const systems: Readonly<Record<string, string>> = {
  ...{
    replication: 'replication',
    backup: 'replication',
    site: 'replication',
    switchover: 'replication',
    verify: 'replication',
  },
  ...{ sync: 'sync', 'verify-sync': 'sync', logical: 'logical', 'verify-logical': 'logical' },
  ...{ patroni: 'patroni', 'verify-patroni': 'patroni', 'patroni-add-node': 'patroni', 'patroni-config': 'patroni' },
  ...{ 'patroni-remove-node': 'patroni', 'patroni-restart': 'patroni', 'patroni-switchover': 'patroni' },
}

/** Values that go through, each a text of its own; variables that are not here are words. */
const good: Readonly<Record<string, unknown>> = {
  ...{ pg_version: '17', private_ip: '192.0.2.77', etcd_group: 'ns', dns_domain: 'hwdomain.internal' },
  ...{ dns_forwarders: ['192.0.2.78'], ntp_servers: ['hwtime'], pg_clients: ['192.0.2.0/24'] },
  ...{ pg_settings: { 'hw.setting': 'hwsettingvalue' }, patroni_dcs: { hwdcs: 'hwdcsvalue' } },
  ...{ dump: '/dev/null', publishes: { hwtable: ['id int'] }, barman_retention_policy: 'REDUNDANCY 7' },
  ...{ promote: 'pg2', node: 'pg03', picture: '/tmp/hwpicture.mmd', barman_method: 'archive' },
}
/** Not text of their own: each with the reason. */
const meant: Readonly<Record<string, string>> = {
  etcd_group: 'a group of the inventory: any other is refused by its name',
  promote: 'a host of the inventory',
  node: 'a host of the inventory',
  publishes: 'columns in SQL',
  barman_method: 'a choice',
  picture: 'a path of this machine',
}

for (const [name, system] of Object.entries(systems))
  test(`every variable of ${name}`, async () => {
    const playbook = ((await import(`../../../playbooks/${name}.ts`)) as { readonly default: PlaybookData }).default
    const call = await callsIn(playbook, system)
    const shapes = Object.assign({}, ...playbook.plays.map(({ options }) => options.vars?.properties ?? {})) as Record<
      string,
      { readonly type?: string; readonly enum?: unknown }
    >
    const texts = Object.keys(shapes).filter(
      (key) => ['string', 'array', 'object'].includes(shapes[key]?.type ?? '') && shapes[key]?.enum === undefined,
    )
    const base = {
      ...Object.fromEntries(texts.map((key) => [key, good[key] ?? `hw${key.replaceAll('_', '')}`])),
      ...('barman_method' in shapes ? { barman_method: 'archive' } : {}),
    }
    delete (base as Record<string, unknown>)['private_ip']
    const places = texts
      .filter((key) => meant[key] === undefined)
      .flatMap((key) =>
        placesIn({ type: 'object', properties: shapes } as never, key, {
          ...base,
          [key]: good[key] ?? `hw${key.replaceAll('_', '')}`,
        }),
      )
    if (places.length === 0) return
    const values = hostileValues(Math.max(places.length, Math.ceil(draws / 10)))
    const references = new Map<string, Called>()
    for (const [i, text] of values.entries()) {
      const place = places[i % places.length]
      if (place === undefined) continue
      const params = { ...base, [place.parameter]: good[place.parameter] ?? `hw${place.parameter.replaceAll('_', '')}` }
      const reference = references.get(place.parameter) ?? call(params)
      references.set(place.parameter, reference)
      assert.equal(reference.refused, [], place.parameter)
      const found = call(place.put(params, text))
      const swaps: readonly Swap[] = [
        { good: place.good, texts: [text] },
        ...(place.parameter === 'private_ip' && isIPv4(text) ? inZone(place.good, text) : []),
      ]
      for (const [key, one] of found.calls) {
        const other = reference.calls.get(key)
        const trouble = other === undefined ? 'no such task' : await callTrouble(other, one, swaps)
        if (trouble !== undefined)
          assert.unreachable(`${place.shown}=${JSON.stringify(text)}: ${one.task}: ${trouble} (${drawnFrom})`)
      }
    }
  })

/** The zone of an address, and its name there. */
function inZone(good: string, text: string): readonly Swap[] {
  const parts = [good, text].map((address) => address.split('.'))
  const [zone = '', other = ''] = parts.map(([a, b, c]) => `${c}.${b}.${a}`)
  const [name = '', its = ''] = parts.map(([, , , d]) => d ?? '')
  return [
    { good: zone, texts: [other] },
    { good: name, texts: [its] },
  ]
}

async function callTrouble(
  reference: PlaybookCall,
  found: PlaybookCall,
  swaps: readonly Swap[],
): Promise<string | undefined> {
  const [before, after] = [reference.params, found.params].map(revealDeep)
  if (!treesAlike(before, after, swaps, textsAlike))
    return `${JSON.stringify(after)} instead of ${JSON.stringify(before)}`
  if (reference.template === undefined || found.template === undefined) return undefined
  const { name, text } = found.template
  if (text === reference.template.text) return undefined
  const read = templateReaders[name]
  if (read === undefined) return `nothing reads ${name}`
  const [was, is] = await read([reference.template.text, text])
  if (is === refusedByReader) return undefined
  return treesAlike(was, is, swaps)
    ? undefined
    : `${name} is read as ${JSON.stringify(is)}, and not as ${JSON.stringify(was)}`
}

/** Texts of a format within the parameters are read as what they are: connection strings, commands, names of pg_hba.conf. */
function textsAlike(reference: string, found: string, swaps: readonly Swap[]): boolean {
  if (alike(reference, found, swaps)) return true
  learnConninfos([reference, found])
  const [was, is] = [conninfoOf(reference), conninfoOf(found)]
  if (was !== undefined) return treesAlike(was, is, swaps)
  if (/^[^\n]*:\d+:\*:[^\n]*\n$/.test(reference)) return treesAlike(pgpassFields(reference), pgpassFields(found), swaps)
  if (reference.startsWith('barman-wal-archive ')) return scriptTrouble(reference, found, swaps) === undefined
  const named = /^"([^]*)"$/.exec(found)?.[1]?.replaceAll('""', '"')
  return named !== undefined && alike(reference, named, swaps)
}

test.run()
