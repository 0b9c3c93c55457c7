import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseCacheTime, parseRemovable } from '../../../../lib/host/packages/apt-reader.ts'
import { parseStates, versionMatches } from '../../../../lib/host/packages/query.ts'

const installed = `bash	amd64	ii 	5.2.37-2+b10	
perl-base	amd64	ii 	5.40.1-6+deb13u1	libfile-path-perl (= 2.18), libfile-temp-perl (= 0.2311)
mawk	amd64	ii 	1.3.4.20250131-1	awk
awk		un 		
badpkg	all	iF 	1	
halfway	amd64	iU 	2.0	
torn	amd64	iHR	2.0	
waiting	amd64	iW 	3.1	
frozen	amd64	hi 	1.0	
left	amd64	rc 	1.2	
banned	amd64	hn 		
libc6	amd64	ii 	2.41-12	
libc6	i386	ii 	2.41-12	
`
const policy = `bash:
  Installed: 5.2.37-2+b10
  Candidate: 5.2.37-2+b13
  Version table:
     5.2.37-2+b13 500
        500 http://deb.debian.org/debian trixie/main amd64 Packages
 *** 5.2.37-2+b10 100
        100 /var/lib/dpkg/status
awk:
  Installed: (none)
  Candidate: (none)
  Version table:
default-mta:
  Installed: (none)
  Candidate: (none)
  Version table:
mail-transport-agent:
  Installed: (none)
  Candidate: (none)
  Version table:
postgresql-17:
  Installed: (none)
  Candidate: 17.12-0+deb13u1
  Version table:
     17.12-0+deb13u1 500
        500 file:/srv/apt ./ Packages
     17.10-1 -1
        100 file:/srv/old ./ Packages
`
const providers = `Package: awk
Reverse Provides: 
mawk 1.3.4.20250131-1 (= )
Package: default-mta
Package: default-mta
Reverse Provides: 
exim4-daemon-light 4.98.2-1 (= )
Package: mail-transport-agent
Package: mail-transport-agent
Reverse Provides: 
postfix 3.10.5-1 (= )
exim4-daemon-light 4.98.2-1 (= )
exim4-daemon-light 4.98.1-9 (= )
`
const cut = '\u0001\n'
const output = [installed, '', policy, providers].join(cut)

const cases = [
  ['bash', { name: 'bash', version: '5.2.37-2+b10', candidate: '5.2.37-2+b13' }],
  ['bash=5.2.37-2+b10', { name: 'bash', version: '5.2.37-2+b10', candidate: '5.2.37-2+b10' }],
  ['bash=4*', { name: 'bash', version: '5.2.37-2+b10' }],
  ['awk', { name: 'mawk', version: '1.3.4.20250131-1', candidate: '1.3.4.20250131-1', providers: ['mawk'] }],
  ['libfile-path-perl', { name: 'perl-base', version: '5.40.1-6+deb13u1' }],
  ['badpkg', { name: 'badpkg', broken: true }],
  ['halfway', { name: 'halfway', broken: true }],
  ['torn', { name: 'torn', broken: true }],
  ['waiting', { name: 'waiting', version: '3.1' }],
  ['frozen', { name: 'frozen', version: '1.0', held: true }],
  ['banned', { name: 'banned', held: true }],
  ['left', { name: 'left', residual: true }],
  ['libc6:i386', { name: 'libc6:i386', version: '2.41-12' }],
  ['libc6:arm64', { name: 'libc6:arm64' }],
  ['nosuch', { name: 'nosuch' }],
  ['default-mta', { name: 'default-mta', candidate: '4.98.2-1', providers: ['exim4-daemon-light'] }],
  ['mail-transport-agent', { name: 'mail-transport-agent', providers: ['postfix', 'exim4-daemon-light'] }],
  ['postgresql-17', { name: 'postgresql-17', candidate: '17.12-0+deb13u1' }],
  ['postgresql-17=17.10*', { name: 'postgresql-17', candidate: '17.10-1' }],
] as const
for (const [spec, state] of cases)
  test(`the state of ${spec}`, () => assert.equal(parseStates([spec], output), [state]))

test('states come in the order asked, the same package twice if it was asked twice', () => {
  const names = parseStates(['nosuch', 'bash', 'mawk', 'bash'], output).map((state) => state.name)
  assert.equal(names, ['nosuch', 'bash', 'mawk', 'bash'])
})

test('a policy left behind marks everything, so that an install puts it right', () => {
  assert.equal(parseStates(['bash'], [installed, 'stale\n', '', ''].join(cut)), [
    { name: 'bash', version: '5.2.37-2+b10', broken: true },
  ])
})

const matches: readonly (readonly [string, string | undefined, boolean])[] = [
  ['1.2-3', undefined, true],
  ['1.2-3', '1.2-3', true],
  ['1.2-3', '1.2', false],
  ['1.2-3', '1.2*', true],
  ['1x2-3', '1.2*', false],
  ['1:2.0+dfsg-1', '1:2.0+dfsg-*', true],
]
for (const [version, wanted, yes] of matches)
  test(`${version} ${yes ? 'is' : 'is not'} ${wanted ?? 'whatever'}`, () =>
    assert.is(versionMatches(version, wanted), yes))

test('an index older than its sources counts as none', () => {
  assert.is(parseCacheTime('200\n100\n'), 200)
  assert.is(parseCacheTime('100\n200\n'), 0)
  assert.is(parseCacheTime('0\n'), 0)
})

test('what an autoremove would remove', () =>
  assert.equal(
    parseRemovable(`Reading package lists...
The following packages will be REMOVED:
  libjq1 libonig5
0 upgraded, 0 newly installed, 2 to remove and 0 not upgraded.
Remv libjq1 [1.7.1-6+deb13u4]
Remv libonig5 [6.9.9-1+b1]
`),
    ['libjq1', 'libonig5'],
  ))

test.run()
