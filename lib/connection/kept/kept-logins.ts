import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { keptSocket } from './place.ts'

/** A kept login, as the user sees it. */
export interface KeptLogin {
  /** `user@address:port` */
  readonly login: string
  /** A run has it now. */
  readonly used: boolean
  /** Seconds until it ends, unless a run uses it before. */
  readonly seconds: number
}

/** The logins that earlier runs have kept; empty when there are none. */
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
