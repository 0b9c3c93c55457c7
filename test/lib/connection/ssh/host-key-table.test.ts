// needs: openssh-server openssh-client
import { test } from 'uvu'
import { proveTable, situations } from './host-key-table.ts'

/** The situations that `npm test` tries over the openssh transport. test/long tries all: there ssh itself decides. */
const sample = [
  'unknown',
  'known',
  'changed',
  'revoked',
  'hashed and changed',
  'changed by an alias',
  'a certificate authority, and the plain key',
  'RevokedHostKeys: krl',
]

proveTable({ ssh: Object.keys(situations), openssh: sample })
test.run()
