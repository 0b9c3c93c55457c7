import { connect, connectionSettings } from '../../../lib/connection/index.ts'
import type { Connection, Reply, Shell } from '../../../lib/connection/connection.ts'
import type { FileWriter } from '../../../lib/host/files/files.ts'
import { simulatedFiles } from '../../../lib/host/files/overlay/overlay.ts'
import type { Host } from '../../../lib/host/host.ts'
import { openHost } from '../../../lib/host/real.ts'

/** What a module sent to its host: a script with its standard input, or a file and what was done to it. */
export type Said =
  | { readonly what: 'script'; readonly text: string; input: unknown }
  | {
      readonly what: 'file'
      readonly doing: string
      /** What it was given; a text in a format as its reader sees it, once that has read it. */
      texts: readonly unknown[]
      readonly raw: readonly string[]
      readonly read: boolean
    }

/** This machine as a module sees it, with a record of all that the module says to it. */
export interface Recorded {
  readonly host: Host
  /** From now on nothing is run: each script is noted and answered with success and no words. */
  readonly noteOnly: () => void
  /** What was said since the last call. The host is as at the beginning afterwards. */
  readonly taken: () => readonly Said[]
}

/** Questions are asked of this machine, changes are noted: files stand in an overlay, programs do not run. */
export async function withRecorded<T>(
  vars: Readonly<Record<string, unknown>>,
  use: (recorded: Recorded) => Promise<T>,
): Promise<T> {
  const said: Said[] = []
  const mode = { noting: false }
  const opened = async (wrap: (connection: Connection) => Connection) => {
    const connection = await connect(connectionSettings('here', vars))
    return { connection, real: await openHost(wrap(connection)) }
  }
  // Files have a connection of their own: what is asked of them is noted as paths, not as the scripts that ask.
  const all = [
    await opened((connection) => recording(connection, said, mode)),
    await opened((connection) => connection),
  ]
  try {
    const [host, here] = all.map(({ real }) => real.watchedBy(() => undefined))
    if (host === undefined || here === undefined) throw new Error('no host')
    return await use({
      get host() {
        return {
          ...host,
          files: recordingFiles(
            simulatedFiles(here.files, () => undefined),
            said,
          ),
        }
      },
      noteOnly: () => (mode.noting = true),
      taken: () => {
        mode.noting = false
        return said.splice(0)
      },
    })
  } finally {
    for (const { real, connection } of all) {
      await real.close()
      await connection.close()
    }
  }
}

/** Names that are different each time. */
const drawnName = /\.hostwright\.[a-z0-9]{6}/g
const success: Reply = { status: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }

function recording(connection: Connection, said: Said[], mode: { readonly noting: boolean }): Connection {
  const note = (text: string, input: Buffer | string = '') =>
    said.push({ what: 'script', text: text.replace(drawnName, '.hostwright.XXXXXX'), input: input.toString() })
  const shellOf = (shell: Shell): Shell => ({
    request: (script, options) => {
      note(script.text, options?.input)
      return mode.noting ? Promise.resolve(success) : shell.request(script, options)
    },
  })
  return {
    host: connection.host,
    user: connection.user,
    shell: async (become) => shellOf(await connection.shell(become)),
    exec: (script, options) => {
      note(script.text, options?.input)
      return mode.noting ? Promise.resolve(success) : connection.exec(script, options)
    },
    duplex: (script, become) => {
      note(script.text)
      return connection.duplex(script, become)
    },
    get requests() {
      return connection.requests
    },
    get roundTrips() {
      return connection.roundTrips
    },
    cutShort: () => connection.cutShort(),
    close: () => connection.close(),
  }
}

/** They change nothing. */
const reading = new Set<PropertyKey>(['stat', 'read', 'checksum', 'sha256', 'list', 'tree', 'umask'])

function recordingFiles(files: FileWriter, said: Said[]): FileWriter {
  return new Proxy(files, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function' || reading.has(name)) return method
      return async (...given: unknown[]) => {
        const raw = textsOf(given)
        said.push({ what: 'file', doing: String(name), texts: raw, raw, read: false })
        return (await Reflect.apply(method, target, given)) as unknown
      }
    },
  })
}

/** All texts of what a method was given, in their order. */
function textsOf(value: unknown): readonly string[] {
  if (Buffer.isBuffer(value)) return [value.toString()]
  if (value === undefined || value === null) return []
  if (typeof value === 'object') return Object.values(value).flatMap(textsOf)
  return [String(value as string)]
}
