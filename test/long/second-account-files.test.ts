import { test } from 'uvu'
import { fileRaces } from '../lib/host/files/file-races.ts'

fileRaces(200)
test.run()
