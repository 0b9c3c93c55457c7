import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { complaint, recapOf } from '../../bench/measure/recap.ts'

const text = `
PLAY RECAP *********************************************************************
light1                     : ok=100  changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
light2                     : ok=99   changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0

`
const well = { status: 0, late: false }

test("Ansible's recap, hostwright's and the scripts' line are read alike", () => {
  const hosts = { light1: { changed: 0, failed: 0 }, light2: { changed: 1, failed: 0 } }
  assert.equal(recapOf(text), { hosts })
  assert.equal(
    recapOf('light1 : ok=4 changed=0 unreachable=0 failed=0\nlight2 : ok=4 changed=1 unreachable=0 failed=0\n'),
    { hosts },
  )
})

test('events tell requests and round trips as well', () => {
  const counts = { ok: 3, changed: 0, unreachable: 1, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
  const recap = { type: 'recap', hosts: { a: counts }, seconds: 1, requests: { a: 7 }, round_trips: { a: 2 } }
  assert.equal(recapOf(`{"type":"play_start"}\n${JSON.stringify(recap)}\n`), {
    hosts: { a: { changed: 0, failed: 1 } },
    requests: { a: 7 },
    round_trips: { a: 2 },
  })
})

const cases = [
  ['ended with an error', text, { status: 2, late: false }, { hosts: 2, converged: false }, /status 2/],
  ['was cut off', text, { status: -9, late: true }, { hosts: 2, converged: false }, /limit/],
  ['changed something', text, well, { hosts: 2, converged: true }, /changed 1 on light2/],
  ['left a host out', text, well, { hosts: 3, converged: false }, /2 hosts of 3/],
  ['printed nothing', '', well, { hosts: 1, converged: false }, /0 hosts of 1/],
  ['failed', text.replace('failed=0', 'failed=1'), well, { hosts: 2, converged: false }, /failed on light1/],
] as const
for (const [name, stdout, end, wanted, why] of cases)
  test(`a run that ${name} does not count`, () => {
    assert.match(complaint(recapOf(stdout), end, wanted) ?? '', why)
  })

test('a run that changed nothing counts', () => {
  const quiet = text.replace('changed=1', 'changed=0')
  assert.is(complaint(recapOf(quiet), well, { hosts: 2, converged: true }), undefined)
})

test.run()
