import { posix } from 'node:path'
import type { FileReader, FileStat } from '../../host/files/files.ts'

/** The path that a link leads to in the end, through further links; the path itself where there is none. */
export async function destinationOf(files: FileReader, path: string, stat: FileStat | undefined): Promise<string> {
  let [place, at] = [path, stat]
  for (let hops = 0; at?.type === 'link' && hops < 40; hops++) {
    place = posix.resolve(posix.dirname(place), at.target ?? '.')
    at = await files.stat(place)
  }
  return place
}
