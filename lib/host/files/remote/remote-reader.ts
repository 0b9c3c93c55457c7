import { randomUUID } from 'node:crypto'
import { isTooMuchOutput } from '../../../connection/wire/output-limit.ts'
import { HostwrightError } from '../../../error.ts'
import { raw, sh, type Script } from '../../../quote.ts'
import { inBatches } from '../../batch.ts'
import type { HostShell } from '../../host-shell.ts'
import type { ChecksumAlgorithm, FileReader, HashingOptions } from '../files.ts'
import { hostPath, pathWord } from '../host-path.ts'
import { checksumsScript, contentsScript, parseChecksums, parseContents } from './many-contents.ts'
import { parseStats, statsScript } from './many-stats.ts'
import { isLong, type Found } from '../presence.ts'
import { fileQuestions, reading, summing } from './remote-questions.ts'
import { parseTree, statFormat } from './stat-line.ts'
import { fileTrouble, isMissing } from './trouble.ts'

const unsure: Found<never> = { is: 'unsure' }

/**
 * What can be asked about the files of a real host. Questions of one kind that come up together are one request with a program or two for all of them; what cannot
 * be told that way is asked by itself.
 */
export function remoteFileReader(hostShell: HostShell): FileReader {
  const single = fileQuestions(hostShell)
  let umask = NaN
  const looks = inBatches(async (paths) => {
    const told = parseStats(paths, (await hostShell.request(statsScript(paths))).stdout.toString())
    umask = told.umask
    return told.found
  })
  const contents = inBatches(async (paths) => {
    const mark = randomUUID()
    const reply = await hostShell.request(contentsScript(paths, mark)).catch((error: unknown) => {
      if (paths.length > 1 && isTooMuchOutput(error)) return undefined
      throw error
    })
    // Too long together, they may not be one by one.
    return reply === undefined ? paths.map(() => unsure) : parseContents(paths, reply, mark)
  })
  const sums = new Map<string, ReturnType<typeof checksums>>()
  const checksums = (algorithm: ChecksumAlgorithm, long: boolean) =>
    inBatches(async (paths) => parseChecksums(paths, await hostShell.request(checksumsScript(paths, algorithm, long))))

  async function checksum(
    path: string,
    algorithm: ChecksumAlgorithm,
    { long = false }: HashingOptions = {},
  ): Promise<string | undefined> {
    // Some tools write these names in a way of their own.
    if (goesAlone(path) || /[\n\\]/.test(path)) return single.checksum(path, algorithm)
    const kind = `${algorithm} ${long}`
    const ask = sums.get(kind) ?? checksums(algorithm, long)
    sums.set(kind, ask)
    return contentIn(await ask(path), summing, path, () => single.checksum(path, algorithm))
  }

  async function contentIn<T>(
    found: Found<T>,
    doing: string,
    path: string,
    alone: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    switch (found.is) {
      case 'there':
        return found.value
      case 'nothing':
        return undefined
      case 'directory':
        throw fileTrouble(hostShell, `${doing} ${path}`, path, { status: 1, stderr: Buffer.from('Is a directory') })
      case 'unsure':
        return alone()
    }
  }

  return {
    stat: async (path, { follow = false } = {}) => {
      if (goesAlone(path)) return single.stat(path, follow)
      const look = await looks(path)
      if (look.is === 'nothing') return undefined
      const { stat, leadsTo } = look.is === 'there' ? look.value : {}
      return (follow && stat?.type === 'link' ? leadsTo : stat) ?? single.stat(path, follow)
    },
    read: async (path) => {
      if (goesAlone(path)) return single.read(path)
      return contentIn(await contents(path), reading, path, () => single.read(path))
    },
    checksum,
    sha256: (path, options) => checksum(path, 'sha256', options),
    list: async (path) => {
      // The folder itself is printed first: entries may go while it is read, and the tool's complaint about one must not look like no folder at all.
      const reply = await hostShell.request(sh`find ${pathWord(path)}/. '(' -name . -o -prune ')' -print0`)
      if (reply.status !== 0 && !isMissing(reply)) throw fileTrouble(hostShell, `list ${path}`, path, reply)
      const [folder, ...entries] = reply.stdout.toString().split('\0').slice(0, -1)
      return folder === undefined ? undefined : entries.map((entry) => entry.slice(entry.lastIndexOf('/') + 1)).sort()
    },
    tree: async (path) => {
      const reply = await hostShell.request(treeScript(path))
      // Files may go while it walks; only when nothing at all was found there is nothing.
      if (reply.status !== 0 && !isMissing(reply)) throw fileTrouble(hostShell, `look below ${path}`, path, reply)
      const tree = parseTree(reply.stdout.toString())
      return tree.length === 0 ? undefined : tree
    },
    umask: async () => {
      // The shell's own, so nothing that is done on the host changes it.
      if (Number.isNaN(umask)) umask = parseInt((await hostShell.request(raw('umask'))).stdout.toString(), 8)
      return umask
    },
  }
}

/** Invalid paths are refused here: in a shared request they would break the answers for others. */
function goesAlone(path: string): boolean {
  pathWord(path)
  return isLong(path)
}

function treeScript(path: string): Script {
  const word = pathWord(path)
  if (hostPath(path) === '/')
    throw new HostwrightError('refusing to walk the whole file system', { kind: 'input', next: 'correct the path' })
  return sh`find ${word} -exec stat -c ${raw(`'//${statFormat}//%n'`)} -- {} +
s=$?
printf '///\n'
find ${word} -type l -exec sh -c 'for l do printf "//%s//" "$l"; readlink -n -- "$l"; echo; done' sh {} + 2>/dev/null
exit $s`
}
