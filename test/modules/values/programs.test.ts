/** Values in the parameters of modules that run programs: each reaches its program as one argument, or is refused. */
import { test } from 'uvu'
import * as modules from '../../../modules/index.ts'
import { draws } from '../../support/hostile-values.ts'
import { inFolder } from '../../lib/host/files/hosts-here.ts'
import { programs } from './of-programs.ts'
import { withRecorded } from './recorded.ts'
import type { Tried } from './tried.ts'
import { tryModule } from './try-module.ts'

for (const [name, entry] of Object.entries(programs))
  test(name, () =>
    inFolder((folder) =>
      withRecorded({ ansible_connection: 'local' }, (recorded) =>
        tryModule(modules[name as keyof typeof modules] as unknown as Tried, entry, {
          folder,
          recorded,
          count: Math.ceil(draws / 5),
        }),
      ),
    ),
  )

test.run()
