// slow: builds the package
/** A release runs dry in a copy of this checkout, and is refused where it would be a mistake. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'
import { copyCheckout, mustRun } from './project.ts'

const copy = mkdtempSync(join(tmpdir(), 'hostwright-release-test-'))
const git = (...args: string[]) => mustRun(copy, 'git', ['-c', 'user.name=test', '-c', 'user.email=test@test', ...args])
const commit = async (message: string) => {
  await git('add', '--all')
  await git('commit', '--quiet', '--message', message)
}
const release = (...args: string[]) => run(copy, process.execPath, ['release.js', ...args])
const edit = (name: string, change: (text: string) => string) =>
  writeFileSync(join(copy, name), change(readFileSync(join(copy, name), 'utf8')))

await copyCheckout(copy)
await git('init', '--quiet')
writeFileSync(join(copy, '.git/info/exclude'), 'node_modules\n')
await commit('a checkout')

test('a dry run packs the version with its changelog, and leaves the checkout as it was', async () => {
  const { status, text } = await release('7.8.9', '--dry-run')
  assert.is(status, 0, text)
  assert.match(text, /hostwright-7\.8\.9\.tgz/)
  assert.match(text, 'Nothing was published: this was a dry run of 7.8.9.')
  assert.is(await git('status', '--porcelain'), '')
  assert.is(await git('tag', '--list'), '')
})

const refusals: readonly (readonly [what: string, version: string, says: string, prepare: () => unknown])[] = [
  ['without a version', '', 'Usage: npm run release -- VERSION', () => undefined],
  ['of what is no version', 'v1', 'Usage: npm run release -- VERSION', () => undefined],
  ['of an old version', '0.0.9', '0.0.9 is older than 0.1.0', () => undefined],
  ['of a version that is tagged', '7.8.9', 'There is a tag v7.8.9 already', () => git('tag', 'v7.8.9')],
  [
    'of what nobody has written about',
    '8.0.0',
    'CHANGELOG.md has no entry under Unreleased',
    () => {
      edit('CHANGELOG.md', (text) => text.replace(/^- .*\n/gm, ''))
      return commit('nothing to tell')
    },
  ],
  [
    'with changes that are not committed',
    '8.0.0',
    'has changes that are not committed',
    () => edit('README.md', (text) => `${text}\n`),
  ],
]
for (const [what, version, says, prepare] of refusals)
  test(`a release ${what} is refused`, async () => {
    await prepare()
    const { status, text } = await release(...(version === '' ? [] : [version]), '--dry-run')
    assert.is(status, 1, text)
    assert.match(text, says)
  })

test.after(() => rmSync(copy, { recursive: true, force: true }))
test.run()
