import { Duplex, type Readable, type Writable } from 'node:stream'

/** A readable and a writable as one stream. Destroying it calls `close`, which must close both. */
export function joinStreams(readable: Readable, writable: Writable, close: () => void): Duplex {
  const duplex = new Duplex({
    read: () => void readable.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      sendTogether(writable)
      if (writable.destroyed || writable.write(chunk)) return done()
      const go = () => {
        writable.off('drain', go).off('close', go)
        done()
      }
      writable.once('drain', go).once('close', go)
    },
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
  readable.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) readable.pause()
  })
  return duplex
}

/**
 * What is written in one turn of the event loop leaves in one piece. Small pieces one after the other would each wait for the acknowledgement of the one
 * before (Nagle's algorithm) where the other end of the pipe is a program that knows no better: 40 ms each.
 */
function sendTogether(writable: Writable): void {
  if (writable.writableCorked > 0) return
  writable.cork()
  setImmediate(() => writable.uncork())
}
