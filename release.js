/**
 * Makes a release of the checkout: version and changelog, the tarball, a commit and its tag, and the package on npm with a statement of its provenance, which npm
 * makes in CI only. With --dry-run all is done but commit, tag and upload, and the checkout is left as it was.
 *
 *   npm run release -- VERSION [--dry-run]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('.', import.meta.url))
const changelog = join(root, 'CHANGELOG.md')
const edited = ['package.json', 'package-lock.json', 'CHANGELOG.md']
const repository = 'https://github.com/hostwright/hostwright'

class Refusal extends Error {}

try {
  const { values, positionals } = parseArgs({ options: { 'dry-run': { type: 'boolean' } }, allowPositionals: true })
  release(positionals, values['dry-run'] === true)
} catch (error) {
  if (!(error instanceof Refusal) && !String(error.code).startsWith('ERR_PARSE_ARGS')) throw error
  console.error(error.message)
  process.exitCode = 1
}

function release([version, ...others], dry) {
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '') || others.length > 0)
    throw new Refusal('Usage: npm run release -- VERSION [--dry-run], with a version such as 1.2.3.')
  const text = readFileSync(changelog, 'utf8')
  refuse(version, text)
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-release-'))
  try {
    run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts')
    writeFileSync(changelog, released(text, version, new Date().toISOString().slice(0, 10)))
    run('npm', 'pack', '--pack-destination', folder)
    const tarball = join(folder, readdirSync(folder)[0])
    if (dry) run('npm', 'publish', tarball, '--dry-run')
    else publish(tarball, version)
  } finally {
    // Nothing is left to restore once it is committed.
    run('git', 'checkout', '--quiet', 'HEAD', '--', ...edited)
    rmSync(folder, { recursive: true })
  }
  console.log(
    dry
      ? `Nothing was published: this was a dry run of ${version}.`
      : `Released ${version}. Next: git push --follow-tags`,
  )
}

function refuse(version, text) {
  if (asked('git', 'status', '--porcelain') !== '')
    throw new Refusal('The checkout has changes that are not committed. Commit or stash them, then run this again.')
  if (asked('git', 'tag', '--list', `v${version}`) !== '')
    throw new Refusal(`There is a tag v${version} already. Choose the next version.`)
  const { version: current } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (version.localeCompare(current, 'en', { numeric: true }) < 0)
    throw new Refusal(`${version} is older than ${current}, the version in package.json. Choose a newer one.`)
  if (!/^- /m.test(unreleased(text)))
    throw new Refusal('CHANGELOG.md has no entry under Unreleased. Write what users will notice, then run this again.')
}

/** Commit and tag come first: a package whose source is nowhere cannot be taken back. */
function publish(tarball, version) {
  run('git', 'commit', '--quiet', '--message', `Release ${version}`, '--', ...edited)
  try {
    run('git', 'tag', '--annotate', `v${version}`, '--message', version)
    run('npm', 'publish', tarball, '--provenance', '--access', 'public')
  } catch (error) {
    spawnSync('git', ['tag', '--delete', `v${version}`], { cwd: root })
    run('git', 'reset', '--quiet', '--keep', 'HEAD~1')
    throw error
  }
}

/** What the changelog has under Unreleased. */
function unreleased(text) {
  return /^## \[Unreleased\]\n([^]*?)(?=^## |^\[)/m.exec(text)?.[1] ?? ''
}

/** The changelog with what was unreleased under the version and its date, and with links to both. */
function released(text, version, date) {
  const links = `[Unreleased]: ${repository}/compare/v${version}...HEAD\n[${version}]: ${repository}/releases/tag/v${version}`
  return text
    .replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`)
    .replace(/^\[Unreleased\]: .*$/m, links)
}

function asked(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Refusal(`${program} ${args.join(' ')} failed: ${stderr.trim()}`)
  return stdout.trim()
}

function run(program, ...args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Refusal(`${program} ${args[0]} failed (see above). Nothing was published.`)
}
