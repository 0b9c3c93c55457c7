import { HostwrightError } from '../../../error.ts'
import type { HostShell } from '../../host-shell.ts'
import { inChunks } from '../../in-chunks.ts'
import { archive, archiveStream } from '../archive.ts'
import { writeOne } from '../write-one.ts'
import type { FileToWrite } from '../files.ts'
import type { FileWriter } from '../files.ts'
import { placementOf } from '../placement.ts'
import { uniqueLetters, type RemoteWriting } from './remote-writing.ts'
import { batchesOf, type Batch } from './write-batches.ts'

/** How many are on their way at once. Requests with one short file need more of them to fill a long way. */
const atOnce = { batches: 2, long: 2, single: 32 }

/** More than this has a channel of its own, instead of waiting in the host's memory until all of it is there. */
const longestInput = 4_000_000

/**
 * Writes many files of a real host: those that need no more than their place, owner and mode many a request, the others one by one. So too what could not be
 * placed together, because something is out of the ordinary or the host has no tar: whatever is wrong, the error then is that of its file.
 */
export function manyWriter(hostShell: HostShell, writing: RemoteWriting): FileWriter['writeAll'] {
  const oneByOne = (files: readonly FileToWrite[], count = atOnce.single) =>
    inChunks(files, count, (file) => writeOne(writing, file))

  /** Is all of it in place? */
  async function place({ files, bytes }: Batch): Promise<boolean> {
    const ready = await Promise.all(
      files.map(async (file) => {
        const { mode, follow } = file.options
        return {
          ...file,
          options: { ...file.options, mode: await writing.octalFor(file.path, mode, follow !== false) },
        }
      }),
    )
    const { script, archived } = placementOf(ready, uniqueLetters())
    if (bytes <= longestInput) return (await hostShell.request(script, { input: archive(archived) })).status === 0
    try {
      return (await hostShell.exec(script, { stdin: archiveStream(archived) })).status === 0
    } catch (error) {
      // Not every way to become somebody lets a stream through; a request each goes all the same.
      if (error instanceof HostwrightError && error.kind === 'failed') return false
      throw error
    }
  }

  return async (files) => {
    const { batches, single, long } = batchesOf(files)
    let placing = true
    await inChunks(batches, atOnce.batches, async (batch) => {
      const together = placing && batch.files.length > 1
      const placed = together && (await place(batch))
      if (together && !placed) placing = false
      if (!placed) await oneByOne(batch.files)
    })
    await oneByOne(single)
    await oneByOne(long, atOnce.long)
  }
}
