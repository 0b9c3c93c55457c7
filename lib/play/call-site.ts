import { fileURLToPath } from 'node:url'
import type { Place } from '../error.ts'
import { packageRoot } from '../package-root.ts'

/** A place in the user's playbook, found only when somebody asks for it. */
export interface CallSite {
  /** The file and line; undefined where the stack does not show it. */
  readonly place: Place | undefined
}

const ownFolders = ['bin', 'dist', 'lib', 'modules'].map((name) => `${packageRoot}/${name}/`)
/** The playbooks that come with the library are playbooks, wherever they lie. */
const playbooks = `${packageRoot}/dist/playbooks/`

const isOwn = (file: string): boolean =>
  ownFolders.some((folder) => file.startsWith(folder)) && !file.startsWith(playbooks)

/** How far the user's frame is from here at most; every frame costs each call a microsecond. */
const deepest = 8

/** Who called into the library: the first frame of the stack that is not the library's own. */
export function callSite(): CallSite {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = deepest
  const error = new Error('call site')
  Error.stackTraceLimit = limit
  let found: { place: Place | undefined } | undefined
  return {
    get place() {
      found ??= { place: userFrame(error.stack ?? '') }
      return found.place
    },
  }
}

/** The first frame of a thrown error that lies in the user's code. */
export function placeOfError(error: unknown): Place | undefined {
  return error instanceof Error ? userFrame(error.stack ?? '') : undefined
}

function userFrame(stack: string): Place | undefined {
  for (const line of stack.split('\n').slice(1)) {
    if (line.includes('node:')) continue
    const match = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/.exec(line)
    if (match === null) continue
    const [, where = '', row = '', column = ''] = match
    const file = where.startsWith('file://') ? fileURLToPath(where.replace(/\?.*$/, '')) : where.replace(/\?.*$/, '')
    if (file.includes('/node_modules/tsx/') || isOwn(file)) continue
    return { file, line: Number(row), column: Number(column) }
  }
  return undefined
}
