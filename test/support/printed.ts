import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

export interface Printed {
  readonly stdout: string
  readonly stderr: string
  /** Both, the output first: which of two pipes is read first is chance. */
  readonly text: string
}

/** Gathers what a program prints. @returns what it printed so far */
export function printedBy(child: ChildProcessByStdio<null, Readable, Readable>): () => Printed {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return () => ({ stdout, stderr, text: stdout + stderr })
}
