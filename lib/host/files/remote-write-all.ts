import type { Ground } from '../ground.ts'
import { inWindows } from '../windows.ts'
import { writeOne, type FileToWrite } from './content.ts'
import type { FileWriter } from './files.ts'
import { batchesOf } from './write-batches.ts'
import { placementOf } from './placement.ts'
import { uniqueLetters, type RemoteWriting } from './remote-writing.ts'

/** How many are on their way at once. Requests with one short file need more of them to fill a long way. */
const atOnce = { batches: 2, long: 2, single: 32 }

/**
 * Writes many files of a real host: those that need no more than their place, owner and mode many a request, the others one by one. So too what could not be
 * placed together, because something is out of the ordinary or the host has no tar: whatever is wrong, the error then is that of its file.
 */
export function manyWriter(ground: Ground, writing: RemoteWriting): FileWriter['writeAll'] {
  const oneByOne = (files: readonly FileToWrite[], count = atOnce.single) =>
    inWindows(files, count, (file) => writeOne(writing, file))

  /** Is all of it in place? */
  async function place(files: readonly FileToWrite[]): Promise<boolean> {
    const ready = await Promise.all(
      files.map(async (file) => {
        const { mode, follow } = file.options
        return {
          ...file,
          options: { ...file.options, mode: await writing.octalFor(file.path, mode, follow !== false) },
        }
      }),
    )
    const { script, input } = placementOf(ready, uniqueLetters())
    return (await ground.request(script, { input })).status === 0
  }

  return async (files) => {
    const { batches, single, long } = batchesOf(files)
    let placing = true
    await inWindows(batches, atOnce.batches, async (batch) => {
      const together = placing && batch.length > 1
      const placed = together && (await place(batch))
      if (together && !placed) placing = false
      if (!placed) await oneByOne(batch)
    })
    await oneByOne(single)
    await oneByOne(long, atOnce.long)
  }
}
