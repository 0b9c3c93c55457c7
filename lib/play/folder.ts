import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defined } from '../defined.ts'
import { HostwrightError } from '../error.ts'
import type { CallSite } from './call-site.ts'

/** The path of the folder that a role or a play names. Throws an input error for what names no folder wherever the program is started. */
export function folderOf(folder: string | URL | undefined, site: CallSite): string | undefined {
  if (folder === undefined) return undefined
  if (typeof folder === 'string' && isAbsolute(folder)) return resolve(folder)
  if (folder instanceof URL && folder.protocol === 'file:') return resolve(fileURLToPath(folder))
  throw new HostwrightError(`"folder" is neither an absolute path nor a file URL: ${String(folder)}`, {
    kind: 'input',
    ...defined({ place: site.place }),
    next: "name it from the file it is written in: folder: new URL('.', import.meta.url)",
  })
}
