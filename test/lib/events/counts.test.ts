import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { countResults } from '../../../lib/events/counts.ts'
import { paint } from '../../../lib/report/paint.ts'
import { recapPieces } from '../../../lib/report/recap.ts'
import { result } from '../report/script.ts'

test('results count as ansible-playbook counts them', () => {
  const item = { index: 0, count: 1, label: 'x' }
  const counts = countResults([
    result({}),
    result({ status: 'changed', item }),
    result({ status: 'changed' }),
    result({ status: 'skipped' }),
    result({ status: 'failed', forgiven: 'ignored', result: { changed: true } }),
    result({ status: 'failed', forgiven: 'ignored' }),
    result({ status: 'failed', forgiven: 'rescued' }),
    result({ status: 'failed' }),
    result({ host: 'db2', status: 'unreachable' }),
  ])
  assert.equal(counts, {
    db1: { ok: 4, changed: 2, unreachable: 0, failed: 1, skipped: 1, rescued: 1, ignored: 2 },
    db2: { ok: 0, changed: 0, unreachable: 1, failed: 0, skipped: 0, rescued: 0, ignored: 0 },
  })
})

/** Printed by ansible-playbook 2.14.18, blanks at the end included. */
const fromAnsible = `a-rather-long-host-name.example : ok=13   changed=7    unreachable=0    failed=1    skipped=1    rescued=1    ignored=2   
gone                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0   
web1                       : ok=13   changed=7    unreachable=0    failed=1    skipped=1    rescued=1    ignored=2   
`

test('the recap is Ansible’s to the last blank, so that scripts over it go on working', () => {
  const many = { ok: 13, changed: 7, unreachable: 0, failed: 1, skipped: 1, rescued: 1, ignored: 2 }
  const gone = { ok: 0, changed: 0, unreachable: 1, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  const hosts = { web1: many, gone, 'a-rather-long-host-name.example': many }
  assert.is(paint(recapPieces(hosts), false), fromAnsible)
})

test('in colour the columns stay where they are', () => {
  const counts = { ok: 1, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  const coloured = paint(recapPieces({ db1: counts }), true)
  assert.match(coloured, '\x1b[32m')
  assert.is(coloured.replace(/\x1b\[[0-9;]*m/g, ''), paint(recapPieces({ db1: counts }), false))
})

test.run()
