/** Whoever writes a playbook or a module reads in the editor what each name means. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publicNames } from './public-names.ts'

const names = publicNames({
  hostwright: 'lib/index.ts',
  'hostwright/kit': 'lib/kit/index.ts',
  'hostwright/modules': 'modules/index.ts',
})

test('every public name and member has a comment that documents it', () => {
  for (const known of [
    'hostwright: HostReader.ask',
    'hostwright/kit: postgres.loginParams.login_user',
    'hostwright/modules: copy',
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
