import type { Reply } from '../../../connection/connection.ts'
import { raw, sh, type Script } from '../../../quote.ts'
import type { HostShell } from '../../host-shell.ts'
import type { ChecksumAlgorithm, FileStat } from '../files.ts'
import { pathWord } from '../host-path.ts'
import { parseStat, statFormat } from './stat-line.ts'
import { fileTrouble, isMissing } from './trouble.ts'

/** Questions about one file of a real host, a request each: undefined when nothing is there, an error when it cannot be told. */
export interface FileQuestions {
  stat(path: string, follow: boolean): Promise<FileStat | undefined>
  read(path: string): Promise<Buffer | undefined>
  checksum(path: string, algorithm: ChecksumAlgorithm): Promise<string | undefined>
}

export function fileQuestions(hostShell: HostShell): FileQuestions {
  /** The reply to a question about a path; undefined when the tool said that nothing is there. */
  async function ask(doing: string, path: string, script: Script): Promise<Reply | undefined> {
    const reply = await hostShell.request(script)
    if (reply.status === 0) return reply
    if (isMissing(reply)) return undefined
    throw fileTrouble(hostShell, `${doing} ${path}`, path, reply)
  }

  return {
    stat: async (path, follow) => {
      const reply = await ask('look at', path, follow ? statFollowed(path) : statScript(path))
      if (reply === undefined) return undefined
      const said = reply.stdout.toString()
      const end = said.indexOf('\n')
      const target = said.slice(end + 1)
      return parseStat(path, said.slice(0, end), target === '' ? undefined : target)
    },
    read: async (path) => (await ask(reading, path, sh`cat -- ${pathWord(path)}`))?.stdout,
    checksum: async (path, algorithm) => {
      const reply = await ask(summing, path, checksumScript(path, algorithm))
      return reply && /[0-9a-f]{32,}/.exec(reply.stdout.toString())?.[0]
    },
  }
}

/** What could not be done, in the words of errors. */
export const reading = 'read'
export const summing = 'compute the checksum of'

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
