import type { BlockData, Entry, PlayData, TaskData } from '../../play/data.ts'
import type { Selection } from './settings.ts'

export function listed(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? value.split(',').map((tag) => tag.trim()) : value
}

/** Does a task with these tags run? Ansible's rules, `always`, `never`, `tagged`, `untagged` and `all` included. */
export function tagsSelect(tags: readonly string[], selection: Pick<Selection, 'tags' | 'skipTags'>): boolean {
  return wanted(tags, selection.tags) && !skipped(tags, selection.skipTags)
}

function wanted(tags: readonly string[], only: readonly string[]): boolean {
  const named = tags.some((tag) => only.includes(tag))
  if (tags.includes('never') && !named) return false
  if (only.length === 0 || named || tags.includes('always')) return true
  const own = tags.filter((tag) => tag !== 'never')
  return (
    only.includes('all') ||
    (only.includes('tagged') && own.length > 0) ||
    (only.includes('untagged') && own.length === 0)
  )
}

function skipped(tags: readonly string[], skip: readonly string[]): boolean {
  if (tags.some((tag) => skip.includes(tag))) return true
  if (skip.includes('all')) return !tags.includes('always')
  return (skip.includes('tagged') && tags.length > 0) || (skip.includes('untagged') && tags.length === 0)
}

/** The entries of a play that this selection takes, blocks thinned out alike. Flushes always stay. */
export function selectEntries(play: PlayData, selection: Pick<Selection, 'tags' | 'skipTags'>): readonly Entry[] {
  return thin(play.entries, listed(play.options.tags), selection)
}

function thin(
  entries: readonly Entry[],
  inherited: readonly string[],
  selection: Pick<Selection, 'tags' | 'skipTags'>,
): readonly Entry[] {
  return entries.flatMap((entry): readonly Entry[] => {
    if (entry.type === 'flush') return [entry]
    const tags = [...inherited, ...listed(entry.options.tags)]
    if (entry.type === 'task') return tagsSelect(tags, selection) ? [entry] : []
    const block: BlockData = {
      ...entry,
      entries: thin(entry.entries, tags, selection),
      rescue: thin(entry.rescue, tags, selection),
      always: thin(entry.always, tags, selection),
    }
    return block.entries.length + block.always.length > 0 ? [block] : []
  })
}

/** Every task below these entries with all the tags that hold for it, in order. */
export function tasksIn(
  entries: readonly Entry[],
  inherited: readonly string[] = [],
): readonly { task: TaskData; tags: readonly string[] }[] {
  return entries.flatMap((entry) => {
    if (entry.type === 'flush') return []
    const tags = [...inherited, ...listed(entry.options.tags)]
    if (entry.type === 'task') return [{ task: entry, tags }]
    return [entry.entries, entry.rescue, entry.always].flatMap((part) => tasksIn(part, tags))
  })
}

/** Does `--start-at-task` mean this task? Its pattern may hold `*`. */
export function startsAt(pattern: string, task: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`).test(task)
}
