import { posix } from 'node:path'
import { lines, raw, sh, type Script } from '../../../quote.ts'
import { arrival } from '../scripts/arrival.ts'
import type { FileAttributes, FileStat } from '../files.ts'
import { pathWord, wayBelow } from '../host-path.ts'
import { resolveMode } from '../mode.ts'
import { account, octal } from './remote-attributes.ts'
import { settling } from '../scripts/settle-script.ts'

/** How many paths go into one command: far from the kernel's limit on arguments. */
const perCommand = 500

/** Splits a long list into parts, one for each command. */
export function inPieces<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / perCommand) }, (_, i) =>
    list.slice(i * perCommand, (i + 1) * perCommand),
  )
}

/** The owner and mode to set on a path of a tree; empty for what it has already. */
interface Goal {
  readonly stat: FileStat
  readonly owner: Script
  readonly mode: string
}

export interface Wish {
  readonly attributes: FileAttributes
  readonly umask: number
  /** Who the scripts run as. */
  readonly user: string
  /** Names the stages. */
  readonly unique: string
}

/**
 * Sets owner and mode on every path of a tree that differs. Links keep their mode.
 *
 * In folders that only root can change, paths that get the same owner or mode share a command. All other folders are entered one by one. The content of a folder comes
 * before the folder itself, because another account may be able to change the folder afterwards.
 */
export function recursiveScripts(tree: readonly FileStat[], wish: Wish): readonly Script[] {
  const [root] = tree
  if (root === undefined) return []
  const closed = closedFolders(tree, wish.user)
  const goals = goalsOf(tree, wish)
  const together = goals.filter(
    ({ stat, mode }) =>
      (stat === root ? closed.has(root.path) : closed.has(posix.dirname(stat.path))) &&
      (stat.type !== 'directory' || (Number.parseInt(mode || '0', 8) & othersWrite) === 0),
  )
  return [
    ...togetherScripts(root, together),
    ...folderScripts(
      goals.filter((goal) => !together.includes(goal)),
      wish,
    ),
  ]
}

const othersWrite = 0o022

/** The folders of a tree that no other account can change, neither in them nor on the path from the root of the tree. */
function closedFolders(tree: readonly FileStat[], user: string): ReadonlySet<string> {
  const closed = new Set<string>()
  for (const stat of tree)
    if (
      stat.type === 'directory' &&
      (stat === tree[0] || closed.has(posix.dirname(stat.path))) &&
      (stat.uid === 0 || stat.owner === user) &&
      (stat.mode & othersWrite) === 0
    )
      closed.add(stat.path)
  return closed
}

function goalsOf(tree: readonly FileStat[], { attributes, umask }: Wish): readonly Goal[] {
  const { owner, group, mode: asked } = attributes
  const word = raw(account(attributes) ?? "''")
  const none = raw("''")
  return tree.flatMap((stat) => {
    const directory = stat.type === 'directory'
    const given = !isAccount(owner, stat.owner, stat.uid) || !isAccount(group, stat.group, stat.gid)
    const mode =
      asked === undefined || stat.type === 'link'
        ? stat.mode
        : resolveMode(asked, { current: stat.mode, directory, umask })
    // A new owner clears setuid and setgid.
    const moded = asked !== undefined && (mode !== stat.mode || (given && (mode & 0o6000) !== 0))
    return given || moded ? [{ stat, owner: given ? word : none, mode: moded ? octal(mode) : '' }] : []
  })
}

function isAccount(wanted: string | undefined, name: string, id: number): boolean {
  return wanted === undefined || wanted === name || wanted === String(id)
}

function togetherScripts(root: FileStat, goals: readonly Goal[]): readonly Script[] {
  const inRoot = (command: Script) =>
    lines(
      arrival,
      sh`enter ${pathWord(root.path)} && [ "$(stat -c %d:%i .)" = ${`${root.device}:${root.inode}`} ] ||
  { [ -z "$w" ] || echo "another account moved or replaced $w meanwhile" >&2; exit 1; }`,
      command,
    )
  const deepestFirst = goals.filter(({ stat }) => stat.type === 'directory').reverse()
  const others = goals.filter(({ stat }) => stat.type !== 'directory')
  const owned = (some: readonly Goal[]) =>
    grouped(some, ({ owner }) => owner.text)
      .filter(([owner]) => owner !== "''")
      .flatMap(([owner, group]) => waysOf(root, group).map((ways) => sh`chown -h -- ${raw(owner)} ${ways}`))
  const moded = (some: readonly Goal[]) =>
    grouped(some, ({ mode }) => mode)
      .filter(([mode]) => mode !== '')
      .flatMap(([mode, group]) => waysOf(root, group).map((ways) => sh`chmod -- ${mode} ${ways}`))
  return [...owned(others), ...moded(others), ...moded(deepestFirst), ...owned(deepestFirst)].map(inRoot)
}

function waysOf(root: FileStat, goals: readonly Goal[]): readonly (readonly string[])[] {
  return inPieces(goals.map(({ stat }) => wayBelow(root.path, stat.path)))
}

/** One script for each folder, the deepest first. Many scripts share a request. */
function folderScripts(goals: readonly Goal[], { unique }: Wish): readonly Script[] {
  const places = grouped([...goals].reverse(), ({ stat }) =>
    stat.type === 'directory' ? stat.path : posix.dirname(stat.path),
  )
    // A folder comes after all below it, its own owner and mode after those of what it holds.
    .sort(([a], [b]) => (a < b ? 1 : -1))
  const blocks = places.flatMap(([folder, group]) =>
    grouped(group, ({ stat, owner, mode }) => JSON.stringify([stat.type === 'directory', owner.text, mode]))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, same]) => inPieces(same))
      .map((same) => settleIn(folder, same, unique)),
  )
  return inPieces(blocks).map((some) => lines(arrival, settling, raw('s=0'), ...some, raw('exit $s')))
}

function settleIn(folder: string, goals: readonly Goal[], unique: string): Script {
  const [first] = goals
  const names = goals.map(({ stat }) => (stat.path === folder ? '.' : `./${posix.basename(stat.path)}`))
  return sh`(enter ${pathWord(folder)} && settle .hostwright.${unique} ${first?.owner ?? raw("''")} ${first?.mode ?? ''} ${names}) || s=1`
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key) ?? []
    group.push(one)
    groups.set(key, group)
  }
  return [...groups]
}
