// needs: busybox
import { test } from 'uvu'
import { fileRaces } from './file-races.ts'

// Without what root does against it, the other account wins within a dozen tries. test/long has more of them.
fileRaces(20)
test.run()
