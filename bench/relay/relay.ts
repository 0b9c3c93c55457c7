/**
 * A TCP relay that makes the way longer: it serves every tool alike where the kernel has no netem.
 *
 *   relay.ts LISTEN-ADDRESS ROUND-TRIP-MILLISECONDS NAME=ADDRESS:PORT…
 *
 * Prints one line of JSON with the port of each name, then one for each connection, with the time of its first byte.
 */
import { createConnection, createServer, type Socket } from 'node:net'
import { DelayLine } from './delay-line.ts'

const [listen = '', milliseconds = '0', ...targets] = process.argv.slice(2)
const rtt = Number(milliseconds)
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/** Bytes, or the end of them. */
type Piece = Buffer | 'end'

function deliverTo(socket: Socket): (piece: Piece) => void {
  return (piece) => {
    if (socket.destroyed) return
    if (piece === 'end') socket.end()
    else socket.write(piece)
  }
}

/** The client believes to be connected at once: what it sends is held until it would be, and reaches the server half a way later. */
function relay(client: Socket, host: string, port: number): void {
  let first = true
  const early: Piece[] = []
  let upstream: Socket | undefined
  const there = new DelayLine<Piece>(rtt / 2, rtt, (piece) => {
    if (upstream === undefined) early.push(piece)
    else deliverTo(upstream)(piece)
  })
  const back = new DelayLine<Piece>(rtt / 2, 0, deliverTo(client))
  client.setNoDelay(true)
  client.on('data', (bytes) => {
    if (first) tell({ name: 'first byte', at: (performance.timeOrigin + performance.now()) / 1000 })
    first = false
    there.push(bytes as Buffer)
  })
  client.on('end', () => there.push('end'))
  client.on('error', () => upstream?.destroy())
  setTimeout(() => {
    upstream = createConnection({ host, port, noDelay: true, allowHalfOpen: true })
    upstream.on('data', (bytes) => back.push(bytes as Buffer))
    upstream.on('end', () => back.push('end'))
    upstream.on('error', () => client.destroy())
    early.splice(0).forEach(deliverTo(upstream))
  }, rtt * 1.5)
}

const ports = targets.map(async (target) => {
  const [name = '', address = ''] = target.split('=')
  const [host = '', port = ''] = address.split(':')
  const server = createServer({ allowHalfOpen: true }, (client) => relay(client, host, Number(port)))
  await new Promise<void>((resolve) => server.listen(0, listen, resolve))
  const bound = server.address()
  return [name, typeof bound === 'object' ? bound?.port : undefined] as const
})
tell({ name: 'ports', ports: Object.fromEntries(await Promise.all(ports)) })
