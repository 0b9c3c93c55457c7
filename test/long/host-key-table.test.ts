import { test } from 'uvu'
import { proveTable, situations } from '../lib/connection/ssh/host-key-table.ts'

proveTable({ openssh: Object.keys(situations) })
test.run()
