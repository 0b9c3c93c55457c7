import { PassThrough } from 'node:stream'
import type { ProcessEnd, HostProcess } from '../../../../lib/connection/wire/process.ts'

/** A program without a program: what is written to it is kept, and a test says what it says. */
export interface FakeProcess extends HostProcess {
  readonly stdout: PassThrough
  readonly stderr: PassThrough
  readonly closed: () => boolean
  written(): string
  end(ended?: ProcessEnd): void
}

export function fakeProcess(): FakeProcess {
  const stdin = new PassThrough()
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  let [written, closed] = ['', false]
  let end: (ended: ProcessEnd) => void = () => {}
  const ended = new Promise<ProcessEnd>((resolve) => (end = resolve))
  stdin.on('data', (chunk: Buffer) => (written += chunk.toString('latin1')))
  return {
    stdin,
    stdout,
    stderr,
    exited: ended,
    ended,
    close: () => (closed = true),
    closed: () => closed,
    written: () => written,
    end: (how = { status: 1, signal: undefined }) => end(how),
  }
}

/** Lets everything happen that is about to. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
