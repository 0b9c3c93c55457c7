// needs: busybox openssh-client
import { test } from 'uvu'
import { moduleRaces } from './module-races.ts'

moduleRaces(5)
test.run()
