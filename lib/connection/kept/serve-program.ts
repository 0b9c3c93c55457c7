import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { asHostwrightError } from '../../error.ts'
import type { HostProcess, Transport } from '../wire/process.ts'
import { Frames, sendFrame, streams, words } from './frames.ts'

/** Starts a program over a kept login, and carries its streams over a socket. Closing the socket ends the program. */
export async function serveProgram(
  socket: Socket,
  transport: Transport | undefined,
  command: string,
  pty: boolean,
): Promise<void> {
  const say = (kind: number, word: unknown) => sendFrame(socket, kind, Buffer.from(JSON.stringify(word)))
  try {
    if (transport === undefined) throw new Error('the login is not kept any more')
    const program = await transport.start(command, { pty })
    socket.once('close', () => program.close())
    if (socket.destroyed) return program.close()
    takeInput(socket, program)
    carry(program.stdout, streams.stdout, socket)
    carry(program.stderr, streams.stderr, socket)
    void program.exited.then((ended) => say(words.ended, ended))
    await program.ended
  } catch (error) {
    say(words.refused, asHostwrightError(error).message)
  }
  socket.end()
}

function takeInput(socket: Socket, { stdin }: HostProcess): void {
  stdin.on('error', () => undefined)
  const frames = new Frames({
    piece(_kind, bytes) {
      if (stdin.write(bytes)) return
      socket.pause()
      stdin.once('drain', () => socket.resume())
    },
    word: () => stdin.end(),
  })
  socket.on('data', (chunk) => frames.push(chunk)).resume()
}

function carry(stream: Readable, kind: number, socket: Socket): void {
  stream.on('data', (chunk: Buffer) => {
    if (sendFrame(socket, kind, chunk)) return
    stream.pause()
    socket.once('drain', () => stream.resume())
  })
}
