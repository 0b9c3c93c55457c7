/** What is found where a cluster is to be, over every combination, and what is refused there. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { placeOfCluster } from '../../../../../lib/kit/postgres/cluster/cluster.ts'
import { clusterProblem, situationOf } from '../../../../../lib/kit/postgres/cluster/situation.ts'

type Found = Parameters<typeof situationOf>[0]

const place = placeOfCluster('17', 'main', undefined)
const found = (change: Partial<Found>): Found => ({
  debian: true,
  config: 'none',
  data: 'empty',
  dataVersion: '',
  marked: false,
  ...change,
})
const of17 = { data: 'cluster', dataVersion: '17' } as const

const table: readonly (readonly [Partial<Found>, ReturnType<typeof situationOf>])[] = [
  [{}, 'none'],
  [{ config: 'partial' }, 'none'],
  [{ config: 'complete', ...of17 }, 'there'],
  [{ debian: false, ...of17 }, 'there'],
  [{ marked: true, config: 'complete', ...of17 }, 'there'],
  [{ marked: true }, 'half made'],
  [{ marked: true, data: 'foreign' }, 'half made'],
  [{ marked: true, config: 'partial', ...of17 }, 'half made'],
  [{ data: 'foreign' }, 'foreign data'],
  [{ config: 'complete', data: 'foreign' }, 'foreign data'],
  [{ config: 'complete' }, 'data gone'],
  [{ marked: true, config: 'complete' }, 'data gone'],
  [of17, 'data without configuration'],
  [{ config: 'partial', ...of17 }, 'data without configuration'],
  [{ config: 'complete', data: 'cluster', dataVersion: '15' }, 'data of another version'],
  [{ debian: false, data: 'cluster', dataVersion: '15' }, 'data of another version'],
]

for (const [now, situation] of table)
  test(`${JSON.stringify(now)}: ${situation}`, () => {
    assert.is(situationOf(found(now), '17'), situation)
    const refused = !['none', 'half made', 'there'].includes(situation)
    assert.is(clusterProblem(found(now), place) !== undefined, refused)
  })

test('a refusal names the directory, and says what to do next', () => {
  assert.equal(clusterProblem(found({ config: 'complete' }), place), {
    what: 'cluster 17/main is configured in /etc/postgresql/17/main, but its data in /var/lib/postgresql/17/main is gone',
    next: 'mount or restore it, or clone a standby (pg_basebackup); for an empty cluster remove /etc/postgresql/17/main first',
  })
})

test.run()
