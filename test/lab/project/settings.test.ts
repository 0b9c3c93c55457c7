/** A mistake in package.json is reported with its key before any host is made. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LabError, openLab } from '../../../lab/index.ts'
import { labSettings } from '../../../lab/project/settings.ts'
import { systems } from '../../../lab/systems.ts'

const project = mkdtempSync(join(tmpdir(), 'hostwright-lab-settings-'))
const file = join(project, 'package.json')
const write = (lab: unknown) => writeFileSync(file, JSON.stringify({ hostwright: { lab } }))

function refusal(): LabError {
  try {
    openLab({ project })
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('it was taken')
}

test('hosts, groups, packages and a release are taken', () => {
  write({ hosts: ['web1', 'db1'], groups: { web: ['web1'] }, packages: ['tree', 'nginx', 'tree'], release: 'bookworm' })
  const own = { hosts: ['web1', 'db1'], groups: { web: ['web1'] } }
  assert.equal(labSettings(project), { file, own, packages: ['nginx', 'tree'], release: '12' })
  const lab = openLab({ project })
  assert.equal([lab.system, lab.plan, lab.release], ['project', own, '12'])
  assert.is(openLab({ project, release: '13' }).release, '13')
})

test('a shipped system is a lab of its own beside the hosts of the project', () => {
  write({ hosts: ['web1'] })
  const [own, shipped] = [openLab({ project }), openLab({ project, system: 'replication' })]
  assert.equal([own.name, shipped.name], [undefined, 'replication'])
  assert.equal(shipped.plan, systems.replication)
  assert.is(shipped.inventoryFile, join(project, 'inventory', 'lab-replication.ini'))
})

test('without hosts it is the lab of the replication system, with the packages', () => {
  write({ packages: ['tree'] })
  const lab = openLab({ project })
  assert.equal([lab.name, lab.system, lab.settings.packages], [undefined, 'replication', ['tree']])
})

const wrong: readonly (readonly [lab: unknown, says: string])[] = [
  [['web1'], 'lab: must be an object'],
  [{ host: ['web1'] }, 'host: is not known here; known: hosts, groups, packages, release'],
  [{ hosts: 'web1' }, 'hosts: must be a list of names'],
  [{ hosts: [] }, 'hosts: must be a list of names'],
  [{ hosts: ['web1', 'Web 2'] }, 'hosts[1]: "Web 2" cannot name a host. Use small letters'],
  [{ hosts: ['light7'] }, 'hosts[0]: "light7" is a name of the lab\'s light hosts'],
  [{ hosts: ['web1', 'web1'] }, 'hosts: "web1" is there twice'],
  [{ hosts: Array.from({ length: 241 }, (_, i) => `web${i}`) }, 'hosts: a lab holds 240 hosts at most'],
  [{ groups: { web: ['web1'] } }, 'groups: needs "hosts" beside it'],
  [{ hosts: ['web1'], groups: ['web'] }, 'groups: must map names to lists of hosts'],
  [{ hosts: ['web1'], groups: { web: 'web1' } }, 'groups.web: must be a list of hosts'],
  [{ hosts: ['web1'], groups: { web: ['web2'] } }, 'groups.web: "web2" is not in "hosts"'],
  [{ hosts: ['web1'], groups: { web: ['web1', 'web1'] } }, 'groups.web: "web1" is there twice'],
  [{ hosts: ['web1'], groups: { 'a web': ['web1'] } }, 'groups.a web: cannot name a group'],
  [{ hosts: ['web1'], groups: { all: ['web1'] } }, 'groups.all: every inventory has this group'],
  [{ packages: 'nginx' }, 'packages: must be a list'],
  [{ packages: ['nginx; reboot'] }, 'packages[0]: "nginx; reboot" cannot name a Debian package'],
  [{ packages: ['--force'] }, 'packages[0]: "--force" cannot name a Debian package'],
  [{ release: 7 }, 'release: 7 is no release of Debian that the lab has: 12 or 13'],
]
for (const [lab, says] of wrong)
  test(says, () => {
    write(lab)
    const { message } = refusal()
    assert.ok(message.includes(file) && message.includes(`\n  ${says}`), message)
    assert.match(message, 'Nothing was touched')
    assert.not.ok(existsSync(join(project, '.lab')))
  })

test('all mistakes are told together', () => {
  write({ hosts: ['Web'], groups: { all: [] }, packages: [1], release: '7' })
  for (const key of ['hosts[0]', 'groups.all', 'packages[0]', 'release'])
    assert.match(refusal().message, `\n  ${key}: `)
})

test('a package.json that is no JSON is named', () => {
  writeFileSync(file, '{ "hostwright": ')
  assert.match(refusal().message, `${file} cannot be read`)
})

test.after(() => rmSync(project, { recursive: true }))
test.run()
