import type { Reply } from '../../connection/connection.ts'
import { HostwrightError } from '../../error.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { Ground } from '../ground.ts'
import type { ChecksumAlgorithm, FileReader } from './files.ts'
import { hostPath, pathWord } from './host-path.ts'
import { parseStat, parseTree, statFormat } from './stat-line.ts'
import { fileTrouble, isMissing } from './trouble.ts'

/** What can be asked about the files of a real host. Each question is one request, so that those asked together cost one round trip. */
export function remoteFileReader(ground: Ground): FileReader {
  /** The reply, or undefined when the tool said that nothing is there. */
  async function ask(doing: string, path: string, script: Script): Promise<Reply | undefined> {
    const reply = await ground.request(script)
    if (reply.status === 0) return reply
    if (isMissing(reply)) return undefined
    throw fileTrouble(ground, `${doing} ${path}`, path, reply)
  }

  async function checksum(path: string, algorithm: ChecksumAlgorithm): Promise<string | undefined> {
    const reply = await ask('compute the checksum of', path, checksumScript(path, algorithm))
    return reply && /[0-9a-f]{32,}/.exec(reply.stdout.toString())?.[0]
  }

  return {
    stat: async (path, { follow = false } = {}) => {
      const reply = await ask('look at', path, follow ? statFollowed(path) : statScript(path))
      if (reply === undefined) return undefined
      const said = reply.stdout.toString()
      const end = said.indexOf('\n')
      const target = said.slice(end + 1)
      return parseStat(path, said.slice(0, end), target === '' ? undefined : target)
    },
    read: async (path) => (await ask('read', path, sh`cat -- ${pathWord(path)}`))?.stdout,
    checksum: (path, algorithm) => checksum(path, algorithm),
    sha256: (path) => checksum(path, 'sha256'),
    list: async (path) => {
      const reply = await ask('list', path, sh`find ${pathWord(path)}/. ! -name . -prune -print0`)
      return reply?.stdout
        .toString()
        .split('\0')
        .slice(0, -1)
        .map((entry) => entry.slice(entry.lastIndexOf('/') + 1))
        .sort()
    },
    tree: async (path) => {
      const reply = await ground.request(treeScript(path))
      // Files may go while it walks; only when nothing at all was found there is nothing.
      if (reply.status !== 0 && !isMissing(reply)) throw fileTrouble(ground, `look below ${path}`, path, reply)
      const tree = parseTree(reply.stdout.toString())
      return tree.length === 0 ? undefined : tree
    },
    umask: async () => parseInt((await ground.request(raw('umask'))).stdout.toString(), 8),
  }
}

const format = raw(`'${statFormat}'`)

function statScript(path: string): Script {
  const word = pathWord(path)
  return sh`stat -c ${format} -- ${word} && if [ -h ${word} ]; then readlink -n -- ${word}; fi`
}

function statFollowed(path: string): Script {
  return sh`stat -L -c ${format} -- ${pathWord(path)}`
}

function checksumScript(path: string, algorithm: ChecksumAlgorithm): Script {
  const [word, tool] = [pathWord(path), raw(`${algorithm}sum`)]
  return sh`if command -v ${tool} >/dev/null; then ${tool} -- ${word}; else openssl dgst ${raw(`-${algorithm}`)} -r ${word}; fi`
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
