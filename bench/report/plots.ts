import type { Entry } from '../measure/race.ts'
import { tools, type Tool } from '../tools/tool.ts'
import type { Results } from './results.ts'
import { spread } from './spread.ts'
import type { Chart, Dot, Line } from './svg.ts'

const colours: Readonly<Record<Tool, string>> = {
  hostwright: '#c2185b',
  tsx: '#f48fb1',
  script: '#555555',
  mitogen: '#1565c0',
  pipelining: '#2e9d59',
  ansible: '#ef8c00',
  scp: '#795548',
  tar: '#9575cd',
}

type Of = (entry: Entry) => readonly number[]

const seconds: Of = ({ wall }) => wall
const cpu: Of = ({ cpu: used }) => used
const perHostAndTask =
  (of: Of): Of =>
  (entry) =>
    of(entry).map((value) => (value * 1000) / (entry.hosts * entry.tasks))
const megabytes: Of = ({ memory }) => (memory === undefined ? [] : [memory / 1e6])

/** A line for each tool: what `of` tells of an entry, over what `by` tells of it. */
function linesOf(entries: readonly Entry[], by: (entry: Entry) => number, of: Of): readonly Line[] {
  const dotOf = (entry: Entry): readonly Dot[] => {
    const values = spread(of(entry))
    return values === undefined ? [] : [{ x: by(entry), y: values.median, low: values.low, high: values.high }]
  }
  return (Object.keys(tools) as Tool[]).flatMap((tool) => {
    const dots = entries.filter((entry) => entry.tool === tool).flatMap(dotOf)
    return dots.length === 0 ? [] : [{ name: tools[tool], colour: colours[tool], dots }]
  })
}

/** Every chart whose case was measured, by the name of its file. */
export function charts({ cases }: Results): Readonly<Record<string, Chart>> {
  const entriesOf = (name: string, what?: string) =>
    (cases[name]?.entries ?? []).filter((entry) => what === undefined || entry.what === what)
  const [more, farther] = [entriesOf('mixed'), entriesOf('latency')]
  const [tasks, hosts] = [entriesOf('growth', 'more tasks'), entriesOf('growth', 'more hosts')]
  const byHosts = ({ hosts: count }: Entry) => count
  const byTasks = ({ tasks: count }: Entry) => count
  const onHosts = { label: 'hosts', log: true }
  const onTasks = { label: 'tasks', log: true }
  const time = { label: 'seconds', log: true }
  const each = { label: 'milliseconds per host and task', log: true }
  const all: Readonly<Record<string, Chart>> = {
    mixed: { title: '100 converged tasks on each host', x: onHosts, y: time, lines: linesOf(more, byHosts, seconds) },
    'mixed-cpu': {
      ...{ title: '100 converged tasks on each host: CPU of the controller', x: onHosts },
      ...{ y: { label: 'CPU seconds', log: true }, lines: linesOf(more, byHosts, cpu) },
    },
    latency: {
      ...{ title: '100 converged tasks on one host', x: { label: 'added round-trip time, ms', log: false } },
      ...{ y: time, lines: linesOf(farther, ({ rtt }) => rtt ?? 0, seconds) },
    },
    'growth-tasks': {
      ...{ title: 'More tasks on one host', x: onTasks, y: each },
      lines: linesOf(tasks, byTasks, perHostAndTask(seconds)),
    },
    'growth-hosts': {
      ...{ title: 'More hosts, 100 tasks on each', x: onHosts, y: each },
      lines: linesOf(hosts, byHosts, perHostAndTask(seconds)),
    },
    'growth-cpu': {
      ...{ title: 'More hosts, 100 tasks on each: CPU of the controller', x: onHosts },
      ...{
        y: { ...each, label: 'CPU milliseconds per host and task' },
        lines: linesOf(hosts, byHosts, perHostAndTask(cpu)),
      },
    },
    'growth-memory': {
      ...{ title: 'More hosts, 100 tasks on each: memory of the controller', x: onHosts },
      ...{ y: { label: 'MB', log: true }, lines: linesOf(hosts, byHosts, megabytes) },
    },
  }
  return Object.fromEntries(Object.entries(all).filter(([, { lines }]) => lines.length > 0))
}
