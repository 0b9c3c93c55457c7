/** Values in the parameters of modules that write files: each is one entry of its format, read back as itself, or is refused. */
import { test } from 'uvu'
import * as modules from '../../../modules/index.ts'
import { draws } from '../../support/hostile-values.ts'
import { inFolder } from '../../lib/host/files/hosts-here.ts'
import { files } from './of-files.ts'
import { withRecorded } from './recorded.ts'
import type { Tried } from './tried.ts'
import { tryModule } from './try-module.ts'

for (const [name, entry] of Object.entries(files))
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
