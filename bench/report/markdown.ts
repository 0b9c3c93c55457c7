import type { Entry } from '../measure/race.ts'
import { tools } from '../tools/tool.ts'
import type { CaseResult, Results } from './results.ts'
import { digits, spread, type Spread } from './spread.ts'
import { addedRoundTrips } from './round-trips.ts'
import { judgeTargets, type Judgement } from './targets.ts'

/** A chart's file, relative to the text that shows it. */
export interface Plot {
  readonly file: string
  readonly title: string
}

/** The whole report of one form. */
export const markdown = (results: Results, plots: readonly Plot[]): string =>
  [
    `# Benchmark, ${results.form} form\n`,
    table(
      ['', ''],
      Object.entries(results.machine).map(([name, value]) => [name, value]),
    ),
    'Medians, with the range of all runs. CPU and memory are those of the controller, with every process it starts. Login',
    'and start of the program are included. A run counts only if it ended well and, on converged hosts, changed nothing.',
    'What a tool leaves behind is ended with its run. Only those told as “login kept” follow, a second later, on a run of the',
    'same tool, and find the logins that it keeps for a minute (ControlPersist); what keeps them is not counted.\n',
    '## Targets\n',
    targetTable(judgeTargets(results)),
    ...Object.entries(results.cases).flatMap(([name, result]) => caseText(name, result)),
    ...images(plots),
  ].join('\n')

export const images = (plots: readonly Plot[]): readonly string[] =>
  plots.map(({ file, title }) => `![${title}](${file})\n`)

export const targetTable = (judgements: readonly Judgement[]): string =>
  table(
    ['target', 'wanted', 'measured', ''],
    judgements.map(({ target, wanted, measured, met }) => [
      target,
      wanted,
      measured,
      met === undefined ? 'not measured' : met ? 'met' : '**missed**',
    ]),
  )

export function caseText(name: string, { title, date, commit, forks, entries }: CaseResult): readonly string[] {
  return [
    `## ${title} (\`${name}\`)\n`,
    `${date.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${forks} forks.\n`,
    table(
      columns,
      entries.map((entry) => row(entry, entries)),
    ),
    ...entries.flatMap(({ tool, what, spoiled }) =>
      spoiled.length === 0 ? [] : [`- ${tools[tool]}, ${what}: a run does not count, ${spoiled.join('; ')}`],
    ),
  ]
}

const columns = [
  ...['', 'hosts', 'tasks', 'added RTT', 'tool', 'seconds', 'times hostwright', 'CPU s', 'memory MB', 'sent kB'],
  ...['requests', 'a task', 'round trips', 'round trips by delay', 'runs'],
]

function row(entry: Entry, entries: readonly Entry[]): readonly string[] {
  const { what, hosts, tasks, rtt, tool, wall, cpu, memory, sent, requests, round_trips } = entry
  const own = entries.find(
    (other) =>
      other.tool === 'hostwright' &&
      other.what === what &&
      other.hosts === hosts &&
      other.tasks === tasks &&
      other.rtt === rtt,
  )
  const [ours, theirs] = [own === undefined ? undefined : spread(own.wall), spread(wall)]
  const times = ours === undefined || theirs === undefined ? '' : digits(theirs.median / ours.median)
  return [
    ...[what, String(hosts), String(tasks), rtt === undefined ? '' : `${rtt} ms`, tools[tool]],
    ...[range(theirs), times, range(spread(cpu)), memory === undefined ? '' : String(Math.round(memory / 1e6))],
    sent === undefined ? '' : String(Math.round(sent / 1000)),
    ...[String(requests ?? ''), requests === undefined ? '' : digits(requests / tasks)],
    ...[String(round_trips ?? ''), String(addedRoundTrips(entry, entries) ?? ''), String(wall.length)],
  ]
}

function range(values: Spread | undefined): string {
  if (values === undefined) return 'does not count'
  const { median, low, high, count } = values
  return count === 1 ? digits(median) : `${digits(median)} (${digits(low)}–${digits(high)})`
}

/** Columns in which nothing stands are left out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const full = head.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''))
  const line = (cells: readonly string[]) =>
    `| ${cells
      .filter((_, column) => full[column])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |\n`
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`
}
