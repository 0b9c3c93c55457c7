import { Duplex, type Readable, type Writable } from 'node:stream'

export interface JoinOptions {
  /** The stream gives nothing until this has resolved. If it rejects, the stream gives nothing at all. */
  readonly after?: Promise<unknown>
  readonly onWrite?: () => void
  readonly onRead?: (bytes: number) => void
}

/** A readable and a writable as one stream. Destroying it calls `close`, which must close both. */
export function joinStreams(
  readable: Readable,
  writable: Writable,
  close: () => void,
  { after = Promise.resolve(), onWrite, onRead }: JoinOptions = {},
): Duplex {
  let ours = false
  const pass = (chunks: readonly Buffer[], done: () => void) => {
    onWrite?.()
    sendTogether(writable)
    const full = chunks.map((chunk) => writable.write(chunk)).at(-1) === false
    if (writable.destroyed || !full) return done()
    const go = () => {
      writable.off('drain', go).off('close', go)
      done()
    }
    writable.once('drain', go).once('close', go)
  }
  const duplex = new Duplex({
    read: () => void (ours && readable.resume()),
    write: (chunk: Buffer, _encoding, done) => pass([chunk], done),
    writev: (chunks, done) =>
      pass(
        chunks.map(({ chunk }) => chunk as Buffer),
        done,
      ),
    final: (done) => {
      writable.end()
      done()
    },
    destroy: (error, done) => {
      close()
      done(error)
    },
  })
  writable.on('error', () => {
    // A broken pipe: whoever made the streams learns of the end of their process, and says why.
  })
  const start = () => {
    ours = true
    readable.on('data', (chunk: Buffer) => {
      onRead?.(chunk.length)
      if (duplex.destroyed) return
      if (!duplex.push(chunk)) readable.pause()
    })
    readable.resume()
  }
  after.then(start, () => undefined)
  return duplex
}

/**
 * What is written in one turn of the event loop leaves in one piece. Small pieces one after the other would each wait for the acknowledgement of the one
 * before (Nagle's algorithm) where the other end of the pipe is a program that knows no better: 40 ms each.
 */
export function sendTogether(writable: Writable): void {
  if (writable.writableCorked > 0) return
  writable.cork()
  setImmediate(() => writable.uncork())
}
