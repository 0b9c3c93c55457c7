/** A role of a package finds its own templates, and nobody else does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { controllerAt } from '../../../../lib/engine/prepare/controller.ts'
import type { HostwrightError } from '../../../../lib/error.ts'

const root = mkdtempSync(join(tmpdir(), 'hostwright-controller-'))
const role = join(root, 'node_modules/web/role')
const playbooks = join(root, 'project/playbooks')
for (const path of [
  'project/playbooks/templates/shared.ejs',
  'project/playbooks/beside.ejs',
  'project/templates/above.ejs',
  'project/playbooks/files/dump.sql',
  'node_modules/web/role/templates/shared.ejs',
  'node_modules/web/role/templates/own.ejs',
  'node_modules/web/role/loose.ejs',
  'node_modules/web/role/files/tree/one',
]) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), path)
}
const controller = controllerAt(playbooks)

type Case = readonly [what: string, folder: string | undefined, kind: 'templates' | 'files', name: string, path: string]
const found: readonly Case[] = [
  ['templates/ beside the playbook', undefined, 'templates', 'shared.ejs', 'project/playbooks/templates/shared.ejs'],
  ['beside the playbook', undefined, 'templates', 'beside.ejs', 'project/playbooks/beside.ejs'],
  ['templates/ one folder up', undefined, 'templates', 'above.ejs', 'project/templates/above.ejs'],
  ['the role before the playbook', role, 'templates', 'shared.ejs', 'node_modules/web/role/templates/shared.ejs'],
  ['the folder of the role itself', role, 'templates', 'loose.ejs', 'node_modules/web/role/loose.ejs'],
  ['the playbook, where the role has none', role, 'templates', 'beside.ejs', 'project/playbooks/beside.ejs'],
  ['what a variable of the user names', role, 'files', 'dump.sql', 'project/playbooks/files/dump.sql'],
  ['a folder, with its slash', role, 'files', 'tree/', 'node_modules/web/role/files/tree/'],
  [
    'an absolute name',
    undefined,
    'templates',
    join(role, 'templates/own.ejs'),
    'node_modules/web/role/templates/own.ejs',
  ],
]
for (const [what, folder, kind, name, path] of found)
  test(`found: ${what}`, () => assert.is(controller(folder).find(kind, name), join(root, path)))

const failure = (work: () => unknown): HostwrightError => {
  try {
    work()
  } catch (error) {
    return error as HostwrightError
  }
  throw new Error('nothing was thrown')
}

test('a template of a role is not found by tasks outside of it, also after the role has found it', () => {
  controller(role).find('templates', 'own.ejs')
  const { message, next } = failure(() => controller().find('templates', 'own.ejs'))
  assert.is(message, 'there is no template "own.ejs"')
  assert.not.match(next ?? '', 'node_modules')
})

test('the error names every folder that was searched', () => {
  const { next } = failure(() => controller(role).find('templates', 'no.ejs'))
  const searched = [
    'project/playbooks/templates',
    'node_modules/web/role/templates',
    'node_modules/web/role',
    'project/playbooks',
    'project/templates',
  ].map((folder) => join(root, folder, 'no.ejs'))
  assert.is(
    next,
    `put it at ${searched[0] ?? ''}, or correct the name; other places it was looked for: ${searched.slice(1).join(', ')}`,
  )
})

test('a file is read once in a run, whoever names it', () => {
  const path = controller(role).find('templates', 'own.ejs')
  const before = controller(role).read(path)
  writeFileSync(path, 'changed')
  assert.is(controller().read(path), before)
})

test.after(() => rmSync(root, { recursive: true }))
test.run()
