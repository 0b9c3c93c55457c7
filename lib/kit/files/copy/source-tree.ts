import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFile, type SourceFile } from './source-file.ts'

/** Something in a folder that is to be copied. `F` is what is known of a file. */
export type EntryOf<F> = {
  /** Its path: below that folder, or on the host. */
  readonly path: string
} & (
  | {
      /** What it is. */
      readonly type: 'directory'
    }
  | ({
      /** What it is. */
      readonly type: 'file'
    } & F)
  | {
      /** What it is. */
      readonly type: 'link'
      /** Where the link points, as it is written there. */
      readonly target: string
    }
)

/** Something in a folder of this machine, by its path from there; the folder itself is `''`. */
export type SourceEntry = EntryOf<{
  /** The file of this machine. */
  readonly file: SourceFile
}>

/** Everything in a folder of this machine, folders before what they hold. */
export function sourceTree(folder: string, followLinks: boolean, path = ''): readonly SourceEntry[] {
  const here: SourceEntry = { path, type: 'directory' }
  const below = readdirSync(join(folder, path), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): readonly SourceEntry[] => {
      const at = join(path, entry.name)
      if (entry.isSymbolicLink() && !followLinks)
        return [{ path: at, type: 'link', target: readlinkSync(join(folder, at)) }]
      return isDirectory(join(folder, at))
        ? sourceTree(folder, followLinks, at)
        : [{ path: at, type: 'file', file: sourceFile(join(folder, at)) }]
    })
  return [here, ...below]
}

/** Is this path of this machine a directory? Throws Node's error when nothing is there. */
export function isDirectory(path: string): boolean {
  return statSync(path).isDirectory()
}
