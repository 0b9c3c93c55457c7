import { posix } from 'node:path'
import type { Host, HostReader } from '../../../host/host.ts'
import type { Diff } from '../../../play/module.ts'
import type { StandbyFiles } from './standby.ts'

/** A file that is to change. */
export interface FileChange {
  /** Before and after. */
  readonly diff: Diff
  /** Makes the change. */
  readonly write: (host: Host) => Promise<void>
}

/** The files that make a server follow its primary and are not as wanted yet. */
export async function followChanges(
  host: HostReader,
  files: StandbyFiles,
  owner: string,
): Promise<{ readonly pass: FileChange | undefined; readonly conf: FileChange | undefined }> {
  const [passNow, confNow] = await Promise.all([host.files.read(files.passfile), host.files.read(files.confFile)])
  const { passfile, passText, confFile, confText } = files
  return {
    pass:
      passText === undefined || passNow?.toString() === passText.reveal()
        ? undefined
        : {
            diff: {
              of: passfile,
              before: { password: passNow === undefined ? null : '(another)' },
              after: { password: '********' },
            },
            write: (applied) => writeOwned(applied, passfile, passText.reveal(), '0600', owner),
          },
    conf:
      confNow?.toString() === confText
        ? undefined
        : {
            diff: { of: confFile, before: confNow?.toString() ?? '', after: confText },
            write: (applied) => writeOwned(applied, confFile, confText, '0644', owner),
          },
  }
}

/** A file that belongs to the server's user, in a folder that does too. */
export async function writeOwned(host: Host, path: string, text: string, mode: string, owner: string): Promise<void> {
  const folder = posix.dirname(path)
  if ((await host.files.stat(folder)) === undefined)
    await host.files.makeDirectory(folder, { owner, group: owner, mode: '0755' })
  await host.files.write(path, Buffer.from(text), { owner, group: owner, mode })
}
