import { posix } from 'node:path'
import { HostwrightError } from '../../../error.ts'
import type { FileReader, FileStat } from '../files.ts'
import { parentOf } from '../host-path.ts'
import { Nodes } from './overlay-nodes.ts'

/** Where links of the real host point; a simulated run changes none of them. */
type LinkTargets = Map<string, Promise<string | undefined>>

/** What a simulated run knows of the files of one host. */
export interface FilesMemory {
  readonly nodes: Nodes
  readonly targets: LinkTargets
}

export function filesMemory(): FilesMemory {
  return { nodes: new Nodes(), targets: new Map() }
}

/** A simulated run keeps its nodes by the place a path leads to, so that a file written through one link is found through another. */
export class Places {
  readonly #nodes: Nodes
  readonly #real: FileReader
  readonly #targets: LinkTargets

  constructor({ nodes, targets }: FilesMemory, real: FileReader) {
    this.#nodes = nodes
    this.#real = real
    this.#targets = targets
  }

  /** The path without links in its folders, and with `follow` without a link at its end. */
  async of(path: string, follow: boolean): Promise<string> {
    let place = path
    for (let hops = 0; hops < 40; hops++) {
      const next = await this.#firstLink(place, follow)
      if (next === undefined) return place
      place = next
    }
    throw new HostwrightError(`the symbolic links at ${path} go in a circle`, {
      next: 'remove the link in an earlier task',
    })
  }

  /** The path with its first link replaced by where it points. */
  async #firstLink(path: string, follow: boolean): Promise<string | undefined> {
    const prefixes = foldersOf(path)
    const targets = await Promise.all([...prefixes, ...(follow ? [path] : [])].map((place) => this.#target(place)))
    const at = targets.findIndex((target) => target !== undefined)
    const [link, target] = [prefixes[at] ?? path, targets[at]]
    if (target === undefined) return undefined
    const start = target.startsWith('/') ? target : posix.join(parentOf(link), target)
    return posix.join(start, path.slice(link.length))
  }

  async #target(place: string): Promise<string | undefined> {
    const found = this.#nodes.at(place)
    if (found === 'nothing') return undefined
    if (found !== 'real') return found.stat.target
    const known = this.#targets.get(place) ?? this.#real.stat(place).then(linkTarget, () => undefined)
    this.#targets.set(place, known)
    return known
  }
}

function linkTarget(stat: FileStat | undefined): string | undefined {
  return stat?.target
}

/** `/a/b/c` → `/a`, `/a/b`. */
function foldersOf(path: string): readonly string[] {
  const folders: string[] = []
  for (let folder = parentOf(path); folder !== parentOf(folder); folder = parentOf(folder)) folders.unshift(folder)
  return folders
}
