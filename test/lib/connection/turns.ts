import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A cable that passes on what a side has said only when both have fallen silent, that of the side which dials first. How often that side speaks after the other is how many round trips
 * it takes.
 */
export async function turnTaking(port: number) {
  let turns = 0
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const sides = [hearing(near, far), hearing(far, near)] as const
    let nearSpokeLast = false
    const take = async () => {
      while (!near.destroyed && !far.destroyed) {
        if (await silence(sides)) continue
        const [here, there] = sides
        const nearSpeaks = here.heard.length > 0
        if (nearSpeaks && !nearSpokeLast) turns += 1
        nearSpokeLast = nearSpeaks
        if (nearSpeaks) here.pass()
        else there.pass()
      }
      for (const socket of [near, far]) socket.destroy()
    }
    void take()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    turns: () => turns,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

interface Side {
  readonly heard: Buffer[]
  pass(): void
}

function hearing(from: Socket, to: Socket): Side {
  const heard: Buffer[] = []
  from.on('data', (chunk: Buffer) => heard.push(chunk)).on('error', () => from.destroy())
  return { heard, pass: () => heard.splice(0).forEach((chunk) => to.write(chunk)) }
}

/** Waits until nobody says more; whether nobody has said anything. */
async function silence(sides: readonly Side[]): Promise<boolean> {
  const size = () => sides.reduce((sum, { heard }) => sum + heard.length, 0)
  for (let before = -1; before !== size();) {
    before = size()
    await sleep(150)
  }
  return size() === 0
}
