/** No module and no parameter is left out of the tests of values. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as modules from '../../../modules/index.ts'
import { files } from './of-files.ts'
import { programs } from './of-programs.ts'
import { requests } from './of-requests.ts'
import { ofClusters, ofServers } from './of-servers.ts'

const entries = { ...files, ...programs, ...requests(0), ...ofClusters('15', ''), ...ofServers('') }

test('each module is tried', () => assert.equal(Object.keys(entries).sort(), Object.keys(modules).sort()))

test('what is left out of a module is a parameter of it, with a reason', () => {
  for (const [name, { code = {} }] of Object.entries(entries))
    for (const [parameter, reason] of Object.entries(code)) {
      assert.ok(parameter in modules[name as keyof typeof modules].definition.params, `${name}.${parameter}`)
      assert.ok(reason.length > 10, `${name}.${parameter}`)
    }
})

test.run()
