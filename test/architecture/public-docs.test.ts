/** Whoever writes a playbook or a module reads in the editor what each name means. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { faces } from '../api/faces.ts'
import { publicNames } from './public-names.ts'

const names = publicNames(Object.fromEntries(faces().map(({ name, file }) => [name, file])))

test('every public name and member has a comment that documents it', () => {
  for (const known of [
    'hostwright: HostReader.ask',
    'hostwright/kit: postgres.loginParams.login_user',
    'hostwright/modules: copy',
    'hostwright/lab: OpenLab.up',
    'hostwright/playbooks: replication',
    'hostwright/playbooks: roles.haproxy',
  ])
    assert.ok(
      names.some(({ name }) => name === known),
      known,
    )
  assert.equal(
    names.filter(({ documented }) => !documented).map(({ name, at }) => `${at} ${name}`),
    [],
  )
})

test.run()
