import type { Task, Template, Workload } from './task.ts'

/** What a server's playbook is made of, in the order in which one would write it; repeated for as many tasks as are wanted. */
const kinds = [
  ...(['package', 'user', 'file', 'template', 'lineinfile', 'copy', 'file', 'lineinfile', 'copy', 'service'] as const),
  ...(['file', 'template', 'lineinfile', 'copy', 'lineinfile', 'package', 'template', 'lineinfile', 'copy'] as const),
  ...(['lineinfile', 'user', 'file', 'copy', 'lineinfile', 'service'] as const),
]

/** Installed on every host from the start: whether they are there is what costs. */
const packages = ['curl', 'less', 'cron', 'sudo', 'logrotate', 'procps', 'tzdata', 'openssh-server', 'iproute2', 'kmod']
const services = ['cron', 'ssh']
const root = '/srv/bench'

/** Of each host's, so that a rendered file differs from host to host. */
const templates: readonly Template[] = ['web', 'mail', 'backup'].map((name) => ({
  name,
  pieces: [
    `# ${name}: written by a template\nhost = `,
    { variable: 'inventory_hostname' },
    '\nsite = ',
    { variable: 'site' },
    '\nadmin = ',
    { variable: 'admin' },
    '\nworkers = ',
    { variable: 'workers' },
    `\n${Array.from({ length: 12 }, (_, i) => `option_${i} = ${name}-${i * 17}\n`).join('')}`,
  ],
}))

const sources = ['motd', 'profile.sh', 'limits.conf', 'rules'] as const
const files = Object.fromEntries(
  sources.map((name, n) => [
    name,
    Array.from({ length: 40 }, (_, i) => `# ${name} line ${i} ${n * i * 7919}\n`).join(''),
  ]),
)

const recipes: Readonly<Record<Task['module'], (n: number) => Omit<Task, 'module'>>> = {
  package: (n) => ({
    name: `Package ${packages[n % packages.length] ?? ''}`,
    params: { name: packages[n % packages.length] ?? '', state: 'present' },
  }),
  user: (n) => ({
    name: `Account bench${n}`,
    params: { name: `bench${n}`, comment: `Benchmark ${n}`, shell: '/bin/bash', groups: ['users'], append: true },
  }),
  file: (n) => ({
    name: `Folder data${n}`,
    params: { path: `${root}/data${n}`, state: 'directory', owner: 'root', group: 'root', mode: '0750' },
  }),
  template: (n) => ({
    name: `Configuration ${n}`,
    params: { src: templates[n % templates.length]?.name ?? '', dest: `${root}/service${n}.conf`, mode: '0644' },
  }),
  lineinfile: (n) => ({
    name: `Setting ${n}`,
    params: {
      path: `${root}/settings${Math.floor(n / 5)}`,
      regexp: `^key${n % 5}\\s*=`,
      line: `key${n % 5} = ${n * 31}`,
      create: true,
      mode: '0644',
    },
  }),
  copy: (n) => ({
    name: `File ${n}`,
    params: {
      ...(n % 2 === 0 ? { src: sources[(n / 2) % sources.length] ?? '' } : { content: `content of file ${n}\n` }),
      dest: `${root}/file${n}`,
      owner: 'root',
      group: 'root',
      mode: '0644',
    },
  }),
  service: (n) => ({
    name: `Service ${services[n % services.length] ?? ''} ${n}`,
    params: { name: services[n % services.length] ?? '', state: 'started', enabled: true },
  }),
}

/** A playbook of so many different tasks over all of these modules. A shorter one is the beginning of a longer one. */
export function mixed(count: number): Workload {
  const seen = new Map<Task['module'], number>()
  const tasks = Array.from({ length: count }, (_, i) => {
    // The folder that everything lies in comes first.
    if (i === 0)
      return {
        name: 'Folder of the benchmark',
        module: 'file',
        params: { path: root, state: 'directory', mode: '0755' },
      }
    const module = kinds[i % kinds.length] ?? 'file'
    const n = seen.get(module) ?? 0
    seen.set(module, n + 1)
    return { module, ...recipes[module](n) }
  }) as readonly Task[]
  return { name: `mixed-${count}`, tasks, files, templates }
}
