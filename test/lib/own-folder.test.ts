/** Whose folders and files are taken for ours, with a real second account. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { keptSocket } from '../../lib/connection/kept/place.ts'
import { compiledPlaybook } from '../../lib/cli/playbooks/playbook-cache.ts'
import { ownFolder, readOwn } from '../../lib/own-folder.ts'
import { temporaryUser } from './connection/user.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bob = temporaryUser('owns')
const uid = Number(execFileSync('id', ['-u', bob.name], { encoding: 'utf8' }))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-own-'))
chmodSync(folder, 0o755)
test.after(() => {
  bob.remove()
  rmSync(folder, { recursive: true, force: true })
})

let count = 0
/** A new folder of root's. */
function fresh(): string {
  const path = join(folder, String(count++))
  mkdirSync(path, { mode: 0o755 })
  return path
}

interface Case {
  readonly base: (path: string) => string
  readonly ours: boolean
}
const cases: Readonly<Record<string, Case>> = {
  'root’s folder': { base: (path) => path, ours: true },
  'a folder of another user': { base: (path) => (chownSync(path, uid, uid), path), ours: false },
  'a folder that its group may write to': { base: (path) => (chmodSync(path, 0o775), path), ours: false },
  'a folder that all may write to': { base: (path) => (chmodSync(path, 0o777), path), ours: false },
  'a sticky folder itself': { base: (path) => (chmodSync(path, 0o1777), path), ours: false },
  'ours in a sticky folder': {
    base(path) {
      chmodSync(path, 0o1777)
      mkdirSync(`${path}/mine`, { mode: 0o700 })
      return `${path}/mine`
    },
    ours: true,
  },
  'ours in a folder of another user': {
    base(path) {
      mkdirSync(`${path}/mine`)
      chownSync(path, uid, uid)
      return `${path}/mine`
    },
    ours: false,
  },
  'a link of root’s': {
    base(path) {
      mkdirSync(`${path}/real`)
      symlinkSync('real', `${path}/link`)
      return `${path}/link`
    },
    ours: true,
  },
  'a link that another user put into a sticky folder': {
    base(path) {
      mkdirSync(`${path}/real`)
      chmodSync(path, 0o1777)
      asBob(`ln -s ${path}/real ${path}/link`)
      return `${path}/link`
    },
    ours: false,
  },
  'a link to a folder of another user': {
    base(path) {
      mkdirSync(`${path}/theirs`)
      chownSync(`${path}/theirs`, uid, uid)
      symlinkSync('theirs', `${path}/link`)
      return `${path}/link`
    },
    ours: false,
  },
  'a link to itself': { base: (path) => (symlinkSync('link', `${path}/link`), `${path}/link`), ours: false },
  'a folder that is not there': { base: (path) => `${path}/nonexistent`, ours: false },
  'a file': { base: (path) => (writeFileSync(`${path}/file`, ''), `${path}/file`), ours: false },
}

function asBob(script: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync('setpriv', [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'sh', '-c', script], {
    ...{ env: { ...process.env, ...env }, encoding: 'utf8', cwd: '/' },
  })
}

for (const [what, { base, ours }] of Object.entries(cases))
  test(`${what} is ${ours ? '' : 'not '}taken`, () => {
    const path = base(fresh())
    assert.is(ownFolder(path, ['a', 'b'], true), ours ? `${path}/a/b` : undefined)
    assert.is(existsSync(`${path}/a`), ours)
    assert.is(ownFolder(path, ['a', 'b'], false), ours ? `${path}/a/b` : undefined)
  })

test('what is there already is judged as well', () => {
  const path = fresh()
  mkdirSync(`${path}/a`)
  chownSync(`${path}/a`, uid, uid)
  assert.is(ownFolder(path, ['a', 'b'], true), undefined)
  assert.not.ok(existsSync(`${path}/a/b`))
})

test('only a file of ours is read, and no link', () => {
  const path = fresh()
  writeFileSync(`${path}/ours`, 'text')
  assert.is(readOwn(`${path}/ours`)?.toString(), 'text')
  symlinkSync('ours', `${path}/link`)
  assert.is(readOwn(`${path}/link`), undefined)
  execFileSync('mkfifo', [`${path}/pipe`])
  assert.is(readOwn(`${path}/pipe`), undefined)
  chmodSync(`${path}/ours`, 0o664)
  assert.is(readOwn(`${path}/ours`), undefined)
  chmodSync(`${path}/ours`, 0o644)
  chownSync(`${path}/ours`, uid, uid)
  assert.is(readOwn(`${path}/ours`), undefined)
})

test('root with the home of another user runs no compiled playbook that this user planted, and leaves nothing there', async () => {
  const project = fresh()
  writeFileSync(`${project}/package.json`, '{ "type": "module" }')
  writeFileSync(`${project}/site.ts`, `export default 'mine' as string\n`)
  const home = fresh()
  // What bob's own run leaves is right in all but its owner; he then puts another text and its digest there.
  const compiled = await compiledPlaybook(`${project}/site.ts`, { HOME: home })
  assert.match(compiled ?? '', home)
  execFileSync('chown', ['-R', `${uid}:${uid}`, home])
  assert.is(await compiledPlaybook(`${project}/site.ts`, { HOME: home }), undefined)
  rmSync(`${home}/.cache`, { recursive: true })
  assert.is(await compiledPlaybook(`${project}/site.ts`, { HOME: home }), undefined)
  assert.not.ok(existsSync(`${home}/.cache`))
  assert.is(keptSocket(true, { HOME: home }), undefined)
  assert.is(keptSocket(true, { XDG_RUNTIME_DIR: home }), undefined)
  assert.not.ok(existsSync(`${home}/.cache`) || existsSync(`${home}/hostwright`))
})

test('a home that does not exist is not made', async () => {
  const path = fresh()
  writeFileSync(`${path}/site.ts`, `export default 1\n`)
  await compiledPlaybook(`${path}/site.ts`, { HOME: `${path}/nonexistent` })
  assert.is(keptSocket(true, { HOME: `${path}/nonexistent` }), undefined)
  assert.not.ok(existsSync(`${path}/nonexistent`))
})

test('a user without an entry in passwd can use us', () => {
  const program = fresh()
  writeFileSync(
    `${program}/who.ts`,
    `import { cacheFolder } from '${root}lib/cache-folder.ts'
     import { sshTarget } from '${root}lib/connection/settings/ssh-target.ts'
     console.log(cacheFolder({}, [], true) ?? 'none', sshTarget('db1', { user: 'root' }).user)\n`,
  )
  const { status, stdout, stderr } = spawnSync(
    'setpriv',
    ['--reuid=54321', '--regid=54321', '--clear-groups', process.execPath, '--import', 'tsx', `${program}/who.ts`],
    { cwd: root, env: { ...process.env, HOME: '/', TMPDIR: '/tmp' }, encoding: 'utf8' },
  )
  assert.is(status, 0, stderr)
  assert.is(stdout, 'none root\n')
})

test('every folder that is made is closed to others', () => {
  const path = fresh()
  ownFolder(path, ['a', 'b'], true)
  for (const name of ['a', 'a/b']) assert.is(statSync(`${path}/${name}`).mode & 0o777, 0o700)
})

test.run()
