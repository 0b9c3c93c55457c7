import { test } from 'uvu'
import * as modules from '../../../modules/index.ts'
import { draws } from '../../support/hostile-values.ts'
import type { Table } from './entry.ts'
import { withRecorded } from './recorded.ts'
import type { Tried } from './tried.ts'
import { tryModule } from './try-module.ts'
import { inFolder } from '../../../lib/testing/index.ts'

/** A test for each module of a table. */
export function tryEach(table: Table): void {
  for (const [name, entry] of Object.entries(table))
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
}
