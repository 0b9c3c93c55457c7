import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import type { FileWriter } from '../../../../lib/host/files/files.ts'
import { remoteFiles } from '../../../../lib/host/files/remote/remote.ts'
import { remoteFileReader } from '../../../../lib/host/files/remote/remote-reader.ts'
import { openHostShell, type HostShell } from '../../../../lib/host/host-shell.ts'
import { inFolder } from '../../../../lib/testing/index.ts'

/** This machine by its own tools, as a machine that has busybox and nothing else, with bash for `sh`; also as somebody who is not root, and busybox without tar. */
export const kinds = ['gnu', 'busybox', 'bash'] as const
export type Kind = (typeof kinds)[number] | 'nobody' | 'no-tar'

export function withFiles<T>(kind: Kind, use: (files: FileWriter, folder: string) => Promise<T>): Promise<T> {
  return withGround(kind, (hostShell, folder) => use(remoteFiles(hostShell, remoteFileReader(hostShell)), folder))
}

export async function withGround<T>(kind: Kind, use: (hostShell: HostShell, folder: string) => Promise<T>): Promise<T> {
  return inFolder((folder) =>
    inFolder(async (tools) => {
      const connection = await connect(connectionSettings(kind, connectionVars(kind, tools)))
      try {
        return await use(await openHostShell(connection, undefined, () => undefined), folder)
      } finally {
        await connection.close()
      }
    }),
  )
}

/** Inventory variables that reach this machine as that kind. */
export function connectionVars(kind: Kind, tools: string): Readonly<Record<string, unknown>> {
  if (kind === 'gnu') return { ansible_connection: 'local' }
  return { ansible_connection: 'command', ansible_shell_command: shellOf(kind, tools) }
}

function shellOf(kind: Exclude<Kind, 'gnu'>, tools: string): readonly string[] {
  const environment = ['/usr/bin/env', '-i', 'HOME=/root']
  switch (kind) {
    case 'nobody':
      return ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', 'sh']
    case 'bash':
      symlinkSync('/bin/bash', join(tools, 'sh'))
      return [...environment, `PATH=${tools}:/usr/bin:/bin`, join(tools, 'sh')]
    case 'no-tar':
    case 'busybox': {
      const busybox = execFileSync('sh', ['-c', 'command -v busybox']).toString().trim()
      for (const applet of execFileSync(busybox, ['--list']).toString().trim().split('\n'))
        if (kind !== 'no-tar' || applet !== 'tar') symlinkSync(busybox, join(tools, applet))
      return [...environment, `PATH=${tools}`, join(tools, 'sh')]
    }
  }
}
