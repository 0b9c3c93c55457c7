import { stringify } from 'yaml'
import { itemMark, type Task, type Template, type Value, type Workload } from './task.ts'

/**
 * The workload as somebody would write it for Ansible. `use` spares it the facts it would gather, for each of these tasks
 * again, to find out which of its modules serves the host.
 */
export const yamlPlaybook = ({ name, tasks }: Workload, hosts: string): string =>
  stringify([{ name, hosts, become: true, gather_facts: false, tasks: tasks.map(taskData) }], { lineWidth: 0 })

const serving: Partial<Record<Task['module'], string>> = { package: 'apt', service: 'systemd' }

function taskData({ name, module, params, loop }: Task): Readonly<Record<string, unknown>> {
  const use = serving[module]
  const own = Object.entries(params).map(([key, value]) => [
    key,
    module === 'template' && key === 'src' ? `${String(value)}.j2` : valueOf(value),
  ])
  return {
    name,
    [`ansible.builtin.${module}`]: { ...Object.fromEntries(own), ...(use === undefined ? {} : { use }) },
    ...(loop === undefined ? {} : { loop }),
  }
}

const valueOf = (value: Value): Value => (typeof value === 'string' ? value.replaceAll(itemMark, '{{ item }}') : value)

export const jinjaTemplate = ({ pieces }: Template): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : `{{ ${piece.variable} }}`)).join('')
