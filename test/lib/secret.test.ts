/** Whatever spelling a secret is shown in, and wherever it is shown, no part of it is left to read. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stringify } from 'yaml'
import { resultEvents } from '../../lib/engine/result-events.ts'
import { HostwrightError } from '../../lib/error.ts'
import { pythonText } from '../../lib/inventory/values/python-text.ts'
import { play, playbook } from '../../lib/index.ts'
import { printable } from '../../lib/printable.ts'
import { quote } from '../../lib/quote.ts'
import { errorText } from '../../lib/report/error.ts'
import type { Event } from '../../lib/events/event.ts'
import { jsonReport } from '../../lib/report/json.ts'
import { junitReport } from '../../lib/report/junit.ts'
import { textReport } from '../../lib/report/text.ts'
import { mask, maskDeep, rememberSecret, rememberSecretNumber } from '../../lib/secret.ts'
import { content, runHere, scratch } from './engine/support.ts'
import { start } from './report/script.ts'

const sql = (text: string) => text.replaceAll("'", "''")
const conninfo = (text: string) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
const xml = (text: string) =>
  [...`&<>"'`].reduce((all, sign, i) => all.replaceAll(sign, `&${['amp', 'lt', 'gt', 'quot', 'apos'][i]};`), text)

const spellings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with blanks around it': (text) => `  ${text}\t`,
  'in JSON': JSON.stringify,
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'quoted for a shell': quote,
  'quoted for a shell in a shell': (text) => quote(quote(text)),
  'as a literal of SQL': sql,
  'as a literal with escapes of SQL': (text) => sql(text.replaceAll('\\', '\\\\')),
  'in a conninfo': conninfo,
  'in a conninfo in postgresql.conf': (text) => sql(conninfo(text)),
  'in a URI': encodeURIComponent,
  'in a form': (text) => new URLSearchParams({ a: text }).toString(),
  'in Python': (text) => pythonText([text]),
  'in YAML': (text) => stringify([text], { lineWidth: 0 }),
  'in XML': xml,
  'in a systemd unit': (text) => text.replaceAll('%', '%%'),
  'with its control characters shown': printable,
}

/** Two words that nothing else has, with anything between them: one of them alone is already too much. */
const words = fc
  .tuple(fc.stringMatching(/^[A-Z][a-z0-9]{7}$/), fc.stringMatching(/^[A-Z][a-z0-9]{7}$/))
  .filter(([one, other]) => one !== other)
const between = fc.oneof(
  fc.string({ unit: fc.constantFrom(...`'"\\\`$%{}&<> =:;#/@!\n\t`), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const secrets = fc
  .record({
    words,
    between,
    before: fc.constantFrom('', "'", '\\', ' ', '"%'),
    after: fc.constantFrom('', "'", '\\', '\n'),
  })
  .map(({ words: [one, other], between: middle, before, after }) => ({
    words: [one, other],
    // What is no whole character cannot be sent to a host, and NUL cannot be quoted.
    secret: Buffer.from(`${before}${one}${middle}${other}${after}`.replaceAll('\0', '')).toString(),
  }))

const clean = (text: string, words: readonly string[], how: string) => {
  for (const word of words) if (text.includes(word)) assert.unreachable(`${how} leaves ${word} in: ${text}`)
}

test('every spelling is found', () =>
  fc.assert(
    fc.property(secrets, ({ secret, words }) => {
      rememberSecret(secret)
      for (const [how, spell] of Object.entries(spellings)) clean(mask(`<${spell(secret)}>`), words, how)
    }),
    { numRuns: 300, examples: [[{ words: ['Aa00a0aa', 'Aaaa0a00'], secret: 'Aa00a0aa~Aaaa0a00' }]] },
  ))

test('the shell’s own quoting is found', () =>
  fc.assert(
    fc.property(secrets, ({ secret, words }) => {
      rememberSecret(secret)
      const quoted = execFileSync('bash', ['--norc', '-c', 'printf %q "$1"', 'bash', secret], {
        ...{ env: { LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'inherit'] },
      })
      clean(mask(quoted.toString()), words, 'printf %q')
    }),
    {
      numRuns: 50,
      examples: ["Aaa00aaa'{{A0aa00aa", 'Aaa00aaa\\\u{3134b}A0aa00aa'].map((secret) => [
        { words: ['Aaa00aaa', 'A0aa00aa'], secret },
      ]),
    },
  ))

test('base64 is found alone and inside a longer text', () =>
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 5 }), ({ secret, words }, user) => {
      rememberSecret(secret)
      for (const text of [secret, `${user}:${secret}`, `${user}:${secret}\n`])
        for (const form of ['base64', 'base64url'] as const) {
          const left = Buffer.from(mask(Buffer.from(text).toString(form)).replace('********', ''), form).toString()
          clean(left, words, form)
        }
    }),
    { numRuns: 100 },
  ))

/** All that the reports print of these events, at any width and verbosity. */
function reported(events: readonly Event[], columns: number): string {
  let text = ''
  const write = (part: string) => void (text += part)
  const reports = [0, 1, 3].flatMap((verbosity) =>
    [true, false].map((live) =>
      textReport({ out: write, err: write, colour: live, verbosity, columns: () => columns, live, cwd: '/' }),
    ),
  )
  for (const report of [...reports, jsonReport(write), junitReport(write, '/')]) events.forEach(report)
  return text
}

const site = play('One', { hosts: 'all' }).task('Try', () => content({ path: '/x' }))
const task = playbook('site', [site]).plays[0]?.entries[0]

test('no report shows a part of it: results, diffs, errors, notes, labels, progress, warnings', () =>
  fc.assert(
    fc.property(
      secrets,
      fc.constantFrom(...Object.values(spellings)),
      fc.integer({ min: 5, max: 120 }),
      fc.integer({ min: 0, max: 60 }),
      ({ secret, words }, spell, columns, pad) => {
        rememberSecret(secret)
        const said = `${'x'.repeat(pad)} ${spell(secret)} y`
        assert.ok(task?.type === 'task')
        const error = new HostwrightError(said, { next: said, data: { stderr: said, [said]: [said] } })
        const outcome = {
          ...{ module: 'content', result: { stdout: said, deep: [{ [said]: said }] }, note: said },
          diff: [
            { of: said, before: '', after: `${said}\n` },
            { of: said, before: { a: said }, after: { a: `${said}!`, [said]: 1 } },
          ],
        }
        const told = {
          ...({ play: 'One', task, kind: 'task', host: 'db1', forgiven: undefined, seconds: 1, diff: true } as const),
        }
        const events: Event[] = [
          start,
          { type: 'play_start', play: 'One', hosts: ['db1'] },
          { type: 'progress', host: 'db1', task: said, seconds: 20, line: said },
          { type: 'retry', host: 'db1', task: said, attempt: 1, left: 1, message: said },
          ...resultEvents(told, {
            ...outcome,
            status: 'changed',
            items: [{ ...outcome, status: 'changed', label: said }],
          }),
          ...resultEvents(told, { ...outcome, status: 'failed', error }),
          { type: 'warning', message: said },
          { type: 'recap', hosts: {}, seconds: 1, requests: {}, round_trips: {} },
        ]
        clean(reported(events, columns), words, 'a report')
        for (const verbosity of [0, 3])
          clean(errorText(error, { cwd: '/', verbosity, colour: false }), words, 'an error')
      },
    ),
    { numRuns: 40 },
  ))

test('the label of a loop is masked before it is cut', async () => {
  rememberSecret('Label5ecretWord')
  const folder = scratch()
  const path = `${folder}/${'a\nb'.repeat(5)}`.padEnd(88, 'z').slice(0, 88) + 'Label5ecretWord'
  const loop = play('Loop', { hosts: 'one' }).task('Each', () => [content({ path }), content({ path: `${path}2` })])
  const { results } = await runHere([loop], { hosts: ['one'] })
  assert.is(results.length, 3)
  clean(JSON.stringify(results), ['Label'], 'a label')
})

test('numbers of secrets are masked as numbers and inside texts, and longer numbers are left alone', () => {
  rememberSecretNumber(481_516)
  rememberSecretNumber(7)
  assert.equal(maskDeep({ pin: 481_516, seven: 7, other: 4_815_162 }), { pin: '********', seven: 7, other: 4_815_162 })
  assert.is(mask('pin=481516, 4815162'), 'pin=********, 4815162')
})

test('of secrets that overlap nothing is left', () => {
  rememberSecret('OverlapOne-Middle')
  rememberSecret('Middle-OverlapTwo')
  assert.is(mask('<OverlapOne-Middle-OverlapTwo>'), '<********>')
})

test('what a host says cannot make the search for secrets last', () => {
  rememberSecret(`it's ="'="'='="'=" %%{{ \\ \n\n x`)
  const hostile = [`\\`, `'`, `\\'`, `=`, `%`, `{`, `%27`, `\\u0027`, ` `, `it's ="'="'='="'`]
  // A search that tries all combinations would not end before the runner ends this file.
  for (const part of hostile) assert.ok(mask(part.repeat(100_000)).length > 0)
})

test.run()
