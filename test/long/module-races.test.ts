import { test } from 'uvu'
import { moduleRaces } from '../modules/module-races.ts'

moduleRaces(200)
test.run()
