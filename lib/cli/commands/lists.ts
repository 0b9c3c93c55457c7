import { relative } from 'node:path'
import type { ListedHosts, ListedTasks } from '../../engine/index.ts'
import { printableName } from '../../printable.ts'
import { mask } from '../../secret.ts'

export interface Listing {
  readonly file: string
  readonly hosts: readonly ListedHosts[] | undefined
  readonly tasks: readonly ListedTasks[]
  /** Which list of tasks is asked for. */
  readonly show: { readonly tasks: boolean; readonly tags: boolean }
}

/** What `--list-hosts`, `--list-tasks` and `--list-tags` print, together or one by one, as Ansible lays it out. */
export function listingText({ file, hosts, tasks, show }: Listing, cwd: string): string {
  const near = relative(cwd, file)
  const plays = tasks.map((play, index) => [
    `  play #${index + 1} (${play.hosts}): ${play.play}\t${tagsText(play.tags)}`,
    ...(hosts === undefined ? [] : hostLines(hosts[index])),
    ...(show.tasks ? taskLines(play) : []),
    ...(show.tags ? [`      TASK TAGS: [${allTags(play).join(', ')}]`] : []),
  ])
  const blocks = [[`playbook: ${near.startsWith('..') ? file : near}`], ...plays].map((lines) =>
    lines.map((line) => shown(line)).join('\n'),
  )
  return `\n${blocks.join('\n\n')}\n`
}

/** A tab of ours stands before the tags. */
function shown(line: string): string {
  return mask(line).split('\t').map(printableName).join('\t')
}

function hostLines(listed: ListedHosts | undefined): readonly string[] {
  const { pattern = '', hosts = [] } = listed ?? {}
  const patterns = pattern.split(/[,:](?![^[]*\])/).map((part) => `'${part.trim()}'`)
  return [
    `    pattern: [${patterns.join(', ')}]`,
    `    hosts (${hosts.length}):`,
    ...hosts.map((host) => `      ${host}`),
  ]
}

function taskLines({ tasks }: ListedTasks): readonly string[] {
  return ['    tasks:', ...tasks.map(({ name, tags }) => `      ${name}\t${tagsText(tags)}`)]
}

function tagsText(tags: readonly string[]): string {
  return `TAGS: [${[...tags].sort().join(', ')}]`
}

function allTags({ tags, tasks }: ListedTasks): readonly string[] {
  return [...new Set([...tags, ...tasks.flatMap((task) => task.tags)])].sort()
}
