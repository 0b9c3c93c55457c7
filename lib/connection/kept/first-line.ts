import type { Socket } from 'node:net'

const longest = 4 * 1024 * 1024

/** The first line of what comes from a socket, without its end. What follows it stays in the socket, which is paused then. Rejects when it ends without one. */
export function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = Buffer.alloc(0)
    const settle = (finish: () => void) => {
      socket.off('data', onData).off('close', onClose).pause()
      finish()
    }
    const onClose = () => settle(() => reject(new Error('it closed without a word')))
    const onData = (chunk: Buffer) => {
      text = Buffer.concat([text, chunk])
      const end = text.indexOf('\n')
      if (end < 0 && text.length > longest) return settle(() => reject(new Error('it does not come to an end')))
      if (end < 0) return
      settle(() => {
        if (end + 1 < text.length) socket.unshift(text.subarray(end + 1))
        resolve(text.toString('utf8', 0, end))
      })
    }
    socket.on('data', onData).on('close', onClose).resume()
  })
}
