import { createHash } from 'node:crypto'
import { lines, raw, sh, type Script } from '../../lib/quote.ts'
import { itemMark, templateVars, type Task, type Workload } from './task.ts'

/**
 * The limit: a script that reads whether the host is as the workload wants it, as somebody would write it who knows the shell
 * well. It asks each kind of question once for all tasks, starts few programs, and prints a line like Ansible's recap.
 */
export function checkScript(work: Workload): Script {
  const tasks = work.tasks.flatMap(unrolled)
  const of = (module: Task['module']) => tasks.filter((task) => task.module === module)
  return sh`host=$(cat /etc/hostname) changed=0
drift() { changed=$((changed + 1)); echo "$1" >&2; }
${lines(
  ...copied(work, of('copy')),
  ...rendered(work, of('template')),
  ...attributes(tasks),
  ...settings(of('lineinfile')),
  ...accounts(of('user')),
  ...installed(of('package')),
  ...running(of('service')),
)}
echo "$host : ok=${work.tasks.length} changed=$changed unreachable=0 failed=0"
`
}

const unrolled = (task: Task): readonly Task[] =>
  task.loop === undefined
    ? [task]
    : task.loop.map((item) => ({
        ...task,
        params: Object.fromEntries(
          Object.entries(task.params).map(([name, value]) => [
            name,
            typeof value === 'string' ? value.replaceAll(itemMark, item) : value,
          ]),
        ),
      }))

const given = ({ params }: Task, name: string): string => String(params[name] ?? '')
const all = (tasks: readonly Task[], name: string): readonly string[] => [
  ...new Set(tasks.map((task) => given(task, name)).filter((text) => text !== '')),
]

/** A question whose whole answer is known; nothing to ask about means no question. */
const same = (about: string, question: Script, answer: readonly string[]): readonly Script[] =>
  answer.length === 0 ? [] : [sh`[ "$(${question})" = ${answer.join('\n')} ] || drift ${about}`]

function copied({ files }: Workload, tasks: readonly Task[]): readonly Script[] {
  const contentOf = (task: Task) =>
    task.params['src'] === undefined ? given(task, 'content') : files[given(task, 'src')]
  const sums = tasks.map((task) => {
    const sum = createHash('sha256').update(contentOf(task) ?? '')
    return `${sum.digest('hex')}  ${given(task, 'dest')}`
  })
  return sums.length === 0 ? [] : [sh`printf '%s\n' ${sums} | sha256sum --check --quiet || drift 'copied files'`]
}

/** Compared as text, into which the shell puts the host's name. */
function rendered({ templates }: Workload, tasks: readonly Task[]): readonly Script[] {
  return templates.flatMap(({ name, pieces }) => {
    const dests = all(
      tasks.filter((task) => given(task, 'src') === name),
      'dest',
    )
    const text = pieces.map((piece) =>
      typeof piece === 'string'
        ? sh`${piece}`
        : piece.variable === 'inventory_hostname'
          ? raw('"$host"')
          : sh`${templateVars[piece.variable]}`,
    )
    if (dests.length === 0) return []
    return [
      sh`wanted=$(printf '%s\n' ${raw(text.join(''))}); for file in ${dests}; do [ "$(cat "$file")" = "$wanted" ] || drift "$file"; done`,
    ]
  })
}

/** Mode, owner and group of everything, by one stat. */
function attributes(tasks: readonly Task[]): readonly Script[] {
  const modes = tasks
    .filter(({ params }) => params['mode'] !== undefined)
    .map((task) => [given(task, 'dest') || given(task, 'path'), given(task, 'mode').replace(/^0/, '')] as const)
  const wanted = [...new Map(modes)]
  const paths = wanted.map(([path]) => path)
  return same(
    'attributes',
    sh`stat -c '%a %U %G %n' ${paths}`,
    wanted.map(([path, mode]) => `${mode} root root ${path}`),
  )
}

/** Every line once in its file. */
function settings(tasks: readonly Task[]): readonly Script[] {
  return all(tasks, 'path').map((path) => {
    const wanted = all(
      tasks.filter((task) => given(task, 'path') === path),
      'line',
    )
    return sh`[ "$(grep -cxF ${wanted.join('\n')} ${path})" = ${wanted.length} ] || drift ${path}`
  })
}

function accounts(tasks: readonly Task[]): readonly Script[] {
  const names = all(tasks, 'name')
  const wanted = tasks.map((task) => `${given(task, 'name')}:${given(task, 'comment')}:${given(task, 'shell')}`)
  if (names.length === 0) return []
  return [
    ...same('accounts', sh`getent passwd ${names} | cut -d: -f1,5,7`, wanted),
    sh`members=,$(getent group users | cut -d: -f4),
for name in ${names}; do case $members in *,"$name",*) ;; *) drift "$name" ;; esac; done`,
  ]
}

function installed(tasks: readonly Task[]): readonly Script[] {
  const names = all(tasks, 'name')
  const status = raw("'${db:Status-Status}\\n'")
  return same(
    'packages',
    sh`dpkg-query -W -f ${status} ${names}`,
    names.map(() => 'installed'),
  )
}

function running(tasks: readonly Task[]): readonly Script[] {
  const names = all(tasks, 'name')
  const wanted = names.map(() => 'ActiveState=active\nUnitFileState=enabled').join('\n\n')
  return names.length === 0
    ? []
    : same('services', sh`systemctl show --property=ActiveState,UnitFileState ${names}`, [wanted])
}
