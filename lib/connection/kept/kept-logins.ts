import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { keptSocket } from './place.ts'

/** A login that is kept, as it is told. */
export interface KeptLogin {
  /** `user@address:port` */
  readonly login: string
  /** A run has it now. */
  readonly used: boolean
  /** Seconds until it is ended, unless a run takes it before. */
  readonly seconds: number
}

/** The logins that earlier runs have left; none where nobody keeps any. */
export async function keptLogins(): Promise<readonly KeptLogin[]> {
  const said = await asked({ list: true })
  return said === '' ? [] : (JSON.parse(said) as readonly KeptLogin[])
}

/** Ends them all. A run that uses one loses its host. */
export async function endKeptLogins(): Promise<void> {
  await asked({ end: true })
}

async function asked(question: object): Promise<string> {
  const path = keptSocket(false)
  if (path === undefined) return ''
  const socket = createConnection(path)
  socket.write(`${JSON.stringify(question)}\n`)
  return text(socket).catch(() => '')
}
