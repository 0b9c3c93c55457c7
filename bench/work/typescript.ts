import { itemMark, type Task, type Template, type Value, type Workload } from './task.ts'

/** `package` is a reserved word in TypeScript. */
const callOf = (module: Task['module']): string => (module === 'package' ? 'pkg' : module)

/** The workload as somebody would write it for hostwright. */
export function typescriptPlaybook({ name, tasks }: Workload, hosts: string): string {
  const modules = [...new Set(tasks.map(({ module }) => callOf(module)))].sort()
  return [
    `import { main, play, playbook } from 'hostwright'`,
    `import { ${modules.join(', ')} } from 'hostwright/modules'`,
    '',
    `const work = play(${text(name)}, { hosts: ${text(hosts)}, become: true })`,
    ...tasks.map((task) => `  .task(${text(task.name)}, () => ${taskText(task)})`),
    '',
    `const whole = playbook(${text(name)}, [work])`,
    'export default whole',
    'await main(import.meta, whole)',
    '',
  ].join('\n')
}

function taskText({ module, params, loop }: Task): string {
  const entries = Object.entries(params).map(([name, value]) => {
    const own = module === 'template' && name === 'src' ? `${String(value)}.ejs` : value
    return `${name}: ${valueText(own)}`
  })
  const call = `${callOf(module)}({ ${entries.join(', ')} })`
  return loop === undefined ? call : `[${loop.map(text).join(', ')}].map((item) => ${call})`
}

function valueText(value: Value): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  if (!value.includes(itemMark)) return text(value)
  return `\`${value.replace(/[`\\$]/g, '\\$&').replaceAll(itemMark, '${item}')}\``
}

const text = (value: string): string => JSON.stringify(value)

export const ejsTemplate = ({ pieces }: Template): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : `<%= ${piece.variable} %>`)).join('')
