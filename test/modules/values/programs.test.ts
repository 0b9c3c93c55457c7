// slow: hundreds of values, each through a real shell
/** Values in the parameters of modules that run programs: each reaches its program as one argument, or is refused. */
import { test } from 'uvu'
import { programs } from './of-programs.ts'
import { tryEach } from './try-each.ts'

tryEach(programs)
test.run()
