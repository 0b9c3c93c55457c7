import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { FileContent } from '../files.ts'
import type { ChecksumAlgorithm, FileReader, FileStat } from '../files.ts'
import { parentOf } from '../host-path.ts'

/** What a simulated run has put at a path. */
export interface Node {
  readonly stat: FileStat
  readonly content?: FileContent
  /** Nothing of the real host shows below it: a directory made where none was, or where one was removed. */
  readonly opaque: boolean
}

/** A path in a simulated run: a node that the run has made, nothing because the run removed it, or what the real host has. */
export type Found = Node | 'nothing' | 'real'

/** The paths a simulated run has touched. A path is looked up by itself, then by the folders above it, which may hide what is below them. */
export class Nodes {
  readonly #entries = new Map<string, Node | 'nothing'>()

  get empty(): boolean {
    return this.#entries.size === 0
  }

  at(path: string): Found {
    const entry = this.#entries.get(path)
    if (entry !== undefined) return entry
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const above = this.#entries.get(folder)
      if (above !== undefined) return above === 'nothing' || above.opaque ? 'nothing' : 'real'
      if (folder === parentOf(folder)) return 'real'
    }
  }

  put(path: string, node: Node): void {
    this.#entries.set(path, node)
  }

  /** Removes all entries below, and hides the real host there. */
  remove(path: string): void {
    for (const below of this.below(path)) this.#entries.delete(below)
    this.#entries.set(path, 'nothing')
  }

  /** The paths below a folder that have an entry of their own. */
  below(folder: string): readonly string[] {
    const prefix = folder === '/' ? '/' : `${folder}/`
    return [...this.#entries.keys()].filter((path) => path.startsWith(prefix) && path !== folder)
  }
}

export async function bytesOf(content: FileContent, real: FileReader): Promise<Buffer | undefined> {
  switch (content.in) {
    case 'memory':
      return content.bytes
    case 'file':
      return readFile(content.path)
    case 'host':
      return real.read(content.path)
  }
}

export async function checksumOf(
  content: FileContent,
  algorithm: ChecksumAlgorithm,
  real: FileReader,
): Promise<string | undefined> {
  switch (content.in) {
    case 'memory':
      return createHash(algorithm).update(content.bytes).digest('hex')
    case 'file': {
      const hash = createHash(algorithm)
      for await (const chunk of createReadStream(content.path)) hash.update(chunk as Buffer)
      return hash.digest('hex')
    }
    case 'host':
      return real.checksum(content.path, algorithm)
  }
}
