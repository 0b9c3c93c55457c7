import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const mostLinks = 20

/**
 * A folder that is ours alone: it belongs to the user who runs us, every folder on the way to it to that user or to root, and nobody else may write into any of
 * them. What lies in it is what we put there. `undefined` when it is not there, cannot be made, or others could have put something into it.
 *
 * @param base - has to be there already: a home is never made.
 * @param names - the folders below it, which are made if `make` says so.
 */
export function ownFolder(base: string, names: readonly string[], make: boolean): string | undefined {
  try {
    let path = resolve(base)
    let found = folderAt(path)
    for (const name of names) {
      if (found === undefined) return undefined
      path = join(path, name)
      if (make && isOurs(found)) makeFolder(path)
      found = folderAt(path)
    }
    return found !== undefined && isOurs(found) ? path : undefined
  } catch {
    // It is not there, or may not be looked at.
    return undefined
  }
}

/** What a file in such a folder holds, if it is a file of ours that nobody else may write to. Judged by what was opened, not by its name. */
export function readOwn(path: string): Buffer | undefined {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const found = fstatSync(file)
    return found.isFile() && isOurs(found) ? readFileSync(file) : undefined
  } catch {
    // It was never there, or cannot be read.
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** The folder that a path leads to, if nobody but us and root can make it lead elsewhere. Throws what Node throws where a step of the way is missing. */
function folderAt(path: string, links = 0): Stats | undefined {
  const parent = dirname(path)
  if (parent !== path && folderAt(parent, links) === undefined) return undefined
  const found = lstatSync(path)
  if (found.uid !== 0 && found.uid !== process.geteuid?.()) return undefined
  if (found.isSymbolicLink())
    return links < mostLinks ? folderAt(resolve(parent, readlinkSync(path)), links + 1) : undefined
  // In a sticky folder such as /tmp nobody can replace what belongs to another; whose that is, is looked at one step further.
  return found.isDirectory() && (!othersWrite(found) || isSticky(found)) ? found : undefined
}

function isOurs(found: Stats): boolean {
  return found.uid === process.geteuid?.() && !othersWrite(found)
}

function othersWrite({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
