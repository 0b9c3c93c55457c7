import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { forRelease, parseList, parseStanzas } from '../../../lab/image/sources.ts'

test('one-line sources are read with and without options', () => {
  const text = [
    'deb http://mirror.test/debian bookworm main contrib',
    'deb [signed-by=/k.gpg arch=amd64] http://mirror.test/security bookworm-security main # why',
    'deb-src http://mirror.test/debian bookworm main',
    '# deb http://old.test/debian bookworm main',
  ].join('\n')
  assert.equal(parseList(text), [
    { uri: 'http://mirror.test/debian', suite: 'bookworm', components: 'main contrib' },
    { uri: 'http://mirror.test/security', suite: 'bookworm-security', components: 'main' },
  ])
})

test('stanzas give every suite of every mirror, unless disabled', () => {
  const text = `Types: deb deb-src
URIs: http://a.test/debian
Suites: trixie trixie-updates
Components: main

Types: deb
Enabled: no
URIs: http://b.test/debian
Suites: trixie
Components: main
`
  assert.equal(
    parseStanzas(text).map(({ uri, suite }) => `${uri} ${suite}`),
    ['http://a.test/debian trixie', 'http://a.test/debian trixie-updates'],
  )
})

test('only the suite changes with the release, and foreign sources are left out', () => {
  const from = [
    { uri: 'http://a.test/debian', suite: 'bookworm', components: 'main' },
    { uri: 'http://a.test/security', suite: 'bookworm-security', components: 'main' },
    { uri: 'http://tools.test/', suite: 'nodistro', components: 'main' },
  ]
  assert.equal(forRelease(from, '13'), [
    'deb http://a.test/debian trixie main',
    'deb http://a.test/security trixie-security main',
  ])
})

test.run()
