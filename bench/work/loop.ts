import { itemMark, type Workload } from './task.ts'

/** One task with a loop: a line for each item in one file. */
export const loop = (items: number): Workload => ({
  name: `loop-${items}`,
  tasks: [
    {
      name: `${items} lines`,
      module: 'lineinfile',
      params: {
        path: '/srv/bench-loop',
        regexp: `^${itemMark} =`,
        line: `${itemMark} = on`,
        create: true,
        mode: '0644',
      },
      loop: Array.from({ length: items }, (_, i) => `key${i}`),
    },
  ],
  files: {},
  templates: [],
})
