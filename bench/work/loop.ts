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
} as const satisfies Readonly<Record<string, Task>>

export type LoopKind = keyof typeof recipes
export const loopKinds = Object.keys(recipes) as readonly LoopKind[]

/** One task with a loop over so many items. */
export const loop = (kind: LoopKind, items: number): Workload => ({
  name: `${kind}-${items}`,
  tasks: [{ ...recipes[kind], loop: Array.from({ length: items }, (_, i) => `key${i}`) }],
  files: {},
  templates: [],
})
