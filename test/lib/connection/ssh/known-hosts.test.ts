// needs: openssh-client
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  fingerprint,
  hostKeyOrder,
  indexKnownHosts,
  keyType,
  knownHostLine,
  matchesHost,
  parseKnownHosts,
  verifyHostKey,
} from '../../../../lib/connection/ssh/known-hosts.ts'
import { keygen } from '../sshd.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-known-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

const [ed, other, rsa] = ['ed25519', 'ed25519', 'rsa'].map((type, i) => {
  const file = path(`key${i}`)
  keygen(file, type)
  const [name = '', base64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ')
  return { file, text: `${name} ${base64}`, bytes: Buffer.from(base64, 'base64') }
}) as [Key, Key, Key]
interface Key {
  file: string
  text: string
  bytes: Buffer
}

const matching: readonly (readonly [patterns: string, name: string, matches: boolean])[] = [
  ['db1', 'db1', true],
  ['db1', 'DB1', true],
  ['DB1', 'db1', true],
  ['db1', 'db10', false],
  ['db1,10.0.0.1', '10.0.0.1', true],
  ['[db1]:2222', '[db1]:2222', true],
  ['[db1]:2222', 'db1', false],
  ['db1', '[db1]:2222', false],
  ['*.example.com', 'a.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com,!b.example.com', 'b.example.com', false],
  ['!b.example.com,*.example.com', 'a.example.com', true],
  ['!db1', 'db2', false],
  ['db?', 'db1', true],
  ['db?', 'db12', false],
  ['10.0.0.*', '10.0.0.7', true],
  ['[10.0.*]:22??', '[10.0.0.7]:2201', true],
  ['a.b', 'axb', false],
]
for (const [patterns, name, matches] of matching)
  test(`${patterns} ${matches ? 'speaks' : 'does not speak'} of ${name}`, () => {
    const [entry] = parseKnownHosts(`${patterns} ${ed.text}`, 'f')
    assert.ok(entry !== undefined)
    assert.is(matchesHost(entry, name), matches)
    // ssh-keygen is asked the same, so that the table is OpenSSH's and not ours.
    writeFileSync(path('asked'), `${patterns} ${ed.text}\n`)
    assert.is(spawnSync('ssh-keygen', ['-F', name, '-f', path('asked')]).status === 0, matches, 'as ssh-keygen -F says')
  })

for (const name of ['db1.example.com', '[10.0.0.1]:2222'])
  test(`${name} hashed by ssh-keygen -H is found, and hashed by us is found by ssh-keygen -F`, () => {
    const file = path('hashed')
    writeFileSync(file, `${name} ${ed.text}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
    const entries = parseKnownHosts(readFileSync(file, 'utf8'), file)
    assert.match(entries[0]?.patterns[0] ?? '', /^\|1\|/)
    assert.equal(verifyHostKey(entries, [name], ed.bytes), { is: 'known' })
    assert.is(verifyHostKey(entries, ['else'], ed.bytes).is, 'unknown')
    writeFileSync(file, knownHostLine(name, ed.bytes, Buffer.alloc(20, 7)))
    assert.is(spawnSync('ssh-keygen', ['-F', name, '-f', file]).status, 0)
  })

test('comments, empty lines, broken lines and unknown markers are passed over', () => {
  const text = `# a comment\n\ndb1\ndb1 ssh-ed25519\n@new db1 ${ed.text}\ndb1 ssh-ed25519 not*base64\n  db1 ${ed.text} a comment\n`
  const entries = parseKnownHosts(text, 'f')
  assert.equal(
    entries.map(({ line, patterns }) => [line, patterns]),
    [[7, ['db1']]],
  )
})

test('a changed key names what was expected and where', () => {
  const entries = parseKnownHosts(`# first\ndb1 ${ed.text}\ndb1 ${rsa.text}\n`, 'hosts')
  const verdict = verifyHostKey(entries, ['db1'], other.bytes)
  assert.is(verdict.is, 'changed')
  if (verdict.is === 'changed')
    assert.equal(
      verdict.expected.map(({ file, line }) => [file, line]),
      [['hosts', 2]],
    )
})

test('one right key among several is enough', () => {
  const entries = parseKnownHosts(`db1 ${other.text}\ndb1 ${ed.text}\n`, 'f')
  assert.equal(verifyHostKey(entries, ['db1'], ed.bytes), { is: 'known' })
})

test('a revoked key is refused even where it is also known', () => {
  const entries = parseKnownHosts(`db1 ${ed.text}\n@revoked * ${ed.text}\n`, 'f')
  const verdict = verifyHostKey(entries, ['db1'], ed.bytes)
  assert.is(verdict.is, 'revoked')
  assert.is(verifyHostKey(entries, ['db1'], other.bytes).is, 'changed')
})

test('a certificate authority is ignored, and why is said', () => {
  const verdict = verifyHostKey(parseKnownHosts(`@cert-authority *.x ${ed.text}`, 'f'), ['a.x'], ed.bytes)
  assert.is(verdict.is, 'unknown')
  if (verdict.is === 'unknown') assert.match(verdict.ignored[0] ?? '', /f:1 .*certificate authority/)
})

test('the types that are known for a host are asked for first', () => {
  const entries = parseKnownHosts(`db1 ${rsa.text}\ndb2 ${ed.text}\n`, 'f')
  assert.equal(hostKeyOrder(entries, ['db1']).slice(0, 4), [
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
  ])
  assert.is(hostKeyOrder(entries, ['db3'])[0], 'ssh-ed25519')
})

test('fingerprints and types are ssh-keygen’s', () => {
  for (const { file, bytes } of [ed, rsa]) {
    const said = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' })
    assert.ok(said.includes(fingerprint(bytes)), said)
  }
  assert.is(keyType(rsa.bytes), 'ssh-rsa')
})

test('looking names up finds what comparing them finds, in the order of the file', () => {
  const label = fc.constantFrom('db1', 'DB2', '10.0.0.1', '[db1]:2222')
  const pattern = fc.oneof(label, fc.constantFrom('db*', '*', '!db1', '!*', '[db?]:2222'))
  const line = fc.oneof(
    fc.array(pattern, { minLength: 1, maxLength: 3 }).map((patterns) => `${patterns.join(',')} ${ed.text}\n`),
    label.map((name) => knownHostLine(name, ed.bytes, Buffer.alloc(20, 7))),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(label, { maxLength: 2 }), (lines, names) => {
      const entries = parseKnownHosts(lines.join(''), 'f')
      const compared = entries.filter((entry) => names.some((name) => matchesHost(entry, name)))
      assert.equal(indexKnownHosts(entries)(names), compared)
    }),
  )
})

test.run()
