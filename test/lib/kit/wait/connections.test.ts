import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connectionStates, countConnections } from '../../../../lib/kit/wait/connections.ts'

/** Lines of /proc/net/tcp and tcp6: port 5432 (0x1538) listens, and has connections from 10.77.0.11, ::1 and ::ffff:10.77.0.12. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   107        0 20000 1
   1: 0E004D0A:1538 0B004D0A:C350 01 00000000:00000000 00:00000000 00000000   107        0 20001 1
   2: 0E004D0A:0016 0B004D0A:C351 01 00000000:00000000 00:00000000 00000000     0        0 20002 1
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:1538 00000000000000000000000001000000:C352 06 00000000:00000000
   1: 0000000000000000FFFF00000E004D0A:1538 0000000000000000FFFF00000C004D0A:C353 01 00000000:00000000
`
const cases = [
  ['all', connectionStates, [], 3],
  ['established ones', ['ESTABLISHED'], [], 2],
  ['without one of IPv4', connectionStates, ['10.77.0.11'], 2],
  ['without one of IPv4 in IPv6', connectionStates, ['10.77.0.12'], 2],
  ['without one of IPv6', connectionStates, ['::1'], 2],
] as const
for (const [what, states, exclude, count] of cases)
  test(`connections to a port: ${what}`, () =>
    assert.is(countConnections(table, { port: 5432, exclude, states }), count))

test.run()
