import { itemMark, type Task, type Workload } from './task.ts'

const recipes = {
  lines: {
    name: 'Lines of one file',
    module: 'lineinfile',
    params: {
      path: '/srv/bench-loop',
      regexp: `^${itemMark} =`,
      line: `${itemMark} = on`,
      create: true,
      mode: '0644',
    },
  },
  files: {
    name: 'Files of their own',
    module: 'copy',
    params: { dest: `/srv/bench-${itemMark}.conf`, content: `name = ${itemMark}\n`, owner: 'root', mode: '0644' },
  },
  accounts: {
    name: 'Accounts',
    module: 'user',
    params: {
      ...{ name: itemMark, comment: `Account ${itemMark}`, shell: '/bin/bash' },
      ...{ groups: ['users'], append: true },
    },
  },
  packages: { name: 'Packages one by one', module: 'package', params: { name: itemMark, state: 'present' } },
} as const satisfies Readonly<Record<string, Task>>

export type LoopKind = keyof typeof recipes
export const loopKinds = Object.keys(recipes) as readonly LoopKind[]

/** One task with a loop over these items. */
export const loop = (kind: LoopKind, items: readonly string[]): Workload => ({
  name: `${kind}-${items.length}`,
  tasks: [{ ...recipes[kind], loop: items }],
  files: {},
  templates: [],
})

/** Items for all but packages, whose names must be those of packages. */
export const keys = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `key${i}`)
