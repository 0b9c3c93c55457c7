import { createInterface } from 'node:readline/promises'
import { Interrupted } from '../exit.ts'
import { UsageError } from './usage-error.ts'

/** Asks on the terminal, on standard error so that a report on standard output stays clean. */
export async function askOnTerminal(question: string, secret: boolean): Promise<string> {
  if (!process.stdin.isTTY)
    throw new UsageError(
      `cannot ask "${question.trim().replace(/:$/, '')}": standard input is no terminal`,
      secret
        ? 'give a file instead: --connection-password-file, --become-password-file, --vault-password-file'
        : 'leave --step out',
    )
  return secret ? askSecret(question) : askLine(question)
}

async function askLine(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const stopped = new AbortController()
  reader.on('SIGINT', () => stopped.abort())
  try {
    return await reader.question(question, { signal: stopped.signal })
  } catch (thrown) {
    if (stopped.signal.aborted) throw new Interrupted()
    throw thrown
  } finally {
    reader.close()
  }
}

/** Reads a line key by key, with the terminal's echo off. */
async function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.resume()
  stdin.setEncoding('utf8')
  try {
    return await new Promise<string>((resolve, reject) => {
      let answer = ''
      stdin.on('data', (keys: string) => {
        for (const key of keys) {
          if (key === '\r' || key === '\n' || key === '\x04') return resolve(answer)
          if (key === '\x03') return reject(new Interrupted())
          if (key === '\x7f' || key === '\b') answer = [...answer].slice(0, -1).join('')
          else if (key === '\x15') answer = ''
          else answer += key
        }
      })
    })
  } finally {
    stdin.removeAllListeners('data')
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
