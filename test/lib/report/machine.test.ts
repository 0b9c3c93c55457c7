import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event } from '../../../lib/events/event.ts'
import { jsonReport } from '../../../lib/report/json.ts'
import { junitReport } from '../../../lib/report/junit.ts'
import { rememberSecret } from '../../../lib/secret.ts'
import { result, start } from './script.ts'

const recap: Event = { type: 'recap', hosts: {}, seconds: 1, requests: {}, round_trips: {} }

test('JSON: a line for each event, secrets masked', () => {
  rememberSecret('s3cret-value')
  let text = ''
  const report = jsonReport(
    (part) => void (text += part),
    () => new Date(0),
  )
  const events = [start, result({ result: { stdout: 'a\nb s3cret-value', 's3cret-value': 1 } }), recap]
  events.forEach(report)
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(
    lines.map((line) => line['type']),
    ['playbook_start', 'result', 'recap'],
  )
  assert.is(lines[0]?.['time'], '1970-01-01T00:00:00.000Z')
  assert.equal(lines[1]?.['result'], { stdout: 'a\nb ********', '********': 1 })
})

test('JUnit: what a host says cannot break out of the XML', () => {
  let xml = ''
  const report = junitReport((part) => void (xml += part), '/home/me')
  const evil = `</failure><script>"&'\x00\x1b[2J\ud800]]>`
  const events: Event[] = [
    start,
    { type: 'play_start', play: 'A & "B"', hosts: ['db1'] },
    result({ play: 'A & "B"', task: '<Install>', status: 'failed', error: { message: evil, data: { stderr: evil } } }),
    result({ play: 'A & "B"', status: 'failed', forgiven: 'ignored' }),
    result({ play: 'A & "B"', status: 'skipped' }),
    result({ play: 'A & "B"', status: 'unreachable', host: 'db2', error: { message: 'gone', data: {} } }),
    result({ play: 'A & "B"', status: 'changed', item: { index: 0, count: 1, label: 'x' } }),
    recap,
  ]
  events.forEach(report)
  assert.match(
    xml,
    '<testsuite name="A &amp; &quot;B&quot;" tests="4" failures="1" errors="1" skipped="1" time="1.000">',
  )
  assert.match(xml, 'name="[db1] &lt;Install&gt;"')
  assert.match(xml, '<error message="gone">')
  assert.not.match(xml, '<script>')
  assert.not.match(xml, ']]>')
  assert.not.match(xml, /[\x00-\x08\x1b]|[\ud800-\udfff]/)
})

test.run()
