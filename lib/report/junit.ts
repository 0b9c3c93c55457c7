import { defined } from '../defined.ts'
import { printable } from '../printable.ts'
import { mask } from '../secret.ts'
import type { Report, ResultEvent } from '../events/event.ts'
import { explain } from './explain.ts'
import { paint } from './paint.ts'
import { nearLine } from './place.ts'
import { resultPieces } from './result.ts'

/**
 * The results as JUnit XML, for continuous integration: a test suite for each play, a test case for each task on each host.
 * Written at the end of the run.
 */
export function junitReport(write: (text: string) => void, cwd: string): Report {
  const plays = new Map<string, ResultEvent[]>()
  let playbook = ''
  return (event) => {
    if (event.type === 'playbook_start') playbook = event.playbook
    if (event.type === 'play_start' && !plays.has(event.play)) plays.set(event.play, [])
    if (event.type === 'result' && event.item === undefined) plays.get(event.play)?.push(event)
    if (event.type === 'recap') write(junitXml(playbook, plays, cwd))
  }
}

function junitXml(playbook: string, plays: ReadonlyMap<string, readonly ResultEvent[]>, cwd: string): string {
  const suites = [...plays].map(([play, cases]) => suiteXml(play, cases, cwd))
  const all = [...plays.values()].flat()
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: playbook, ...totals(all) }, suites)}`
}

function suiteXml(play: string, cases: readonly ResultEvent[], cwd: string): string {
  return element(
    'testsuite',
    { name: play, ...totals(cases) },
    cases.map((each) => caseXml(each, cwd)),
  )
}

function totals(cases: readonly ResultEvent[]): Attributes {
  const count = (wanted: (each: ResultEvent) => boolean): number => cases.filter(wanted).length
  return {
    tests: cases.length,
    failures: count((each) => outcome(each) === 'failure'),
    errors: count((each) => outcome(each) === 'error'),
    skipped: count((each) => outcome(each) === 'skipped'),
    time: cases.reduce((sum, each) => sum + each.seconds, 0).toFixed(3),
  }
}

/** A failure that was ignored or rescued does not fail the run, and so does not fail the test. */
function outcome({ status, forgiven }: ResultEvent): 'failure' | 'error' | 'skipped' | 'passed' {
  if (status === 'skipped') return 'skipped'
  if (status === 'unreachable') return 'error'
  return status === 'failed' && forgiven === undefined ? 'failure' : 'passed'
}

function caseXml(each: ResultEvent, cwd: string): string {
  const how = outcome(each)
  const { place } = each
  const attributes = {
    name: `[${each.host}] ${each.task}`,
    classname: place === undefined ? each.play : nearLine(place, cwd),
    time: each.seconds.toFixed(3),
  }
  const output = paint(resultPieces(each, { cwd, verbosity: 1, diff: true }), false)
  const children = [
    ...(how === 'skipped' ? [element('skipped', {}, [])] : []),
    ...(how === 'failure' || how === 'error'
      ? [element(how, { message: messageOf(each) }, [escape(why(each, cwd))])]
      : []),
    ...(how === 'skipped' ? [] : [element('system-out', {}, [escape(output)])]),
  ]
  return element('testcase', attributes, children)
}

function messageOf(each: ResultEvent): string {
  const { msg } = each.result
  return each.error?.message ?? (typeof msg === 'string' ? msg : each.status)
}

function why(each: ResultEvent, cwd: string): string {
  const { message: _message, ...rest } = each.error ?? { message: '', data: {} }
  const place = each.error?.place ?? each.place
  return explain({ ...rest, ...defined({ place }) }, { cwd, verbosity: 1 })
}

type Attributes = Readonly<Record<string, string | number>>

/** Children are XML already. */
function element(name: string, attributes: Attributes, children: readonly string[]): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`)
  const open = `<${name}${words.join('')}`
  return children.length === 0 ? `${open}/>\n` : `${open}>${children.join('')}</${name}>\n`
}

/** What XML has no way to write is shown or left out. */
function escape(text: string): string {
  return printable(mask(text))
    .replace(
      /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
