import { isAbsolute, relative } from 'node:path'
import { type Place, showPlace } from '../error.ts'

/** A place as the user would name it from where they stand: `playbooks/web.ts:12`. */
export function nearPlace(place: Place, cwd: string): string {
  return showPlace({ ...place, file: nearFile(place.file, cwd) })
}

/** In a playbook the line only: the column of a call says nothing to a reader. In what else a user writes it does. */
export function nearLine(place: Place, cwd: string): string {
  const { file, line } = place
  return nearPlace(line === undefined ? { file } : /\.[cm]?[jt]s$/.test(file) ? { file, line } : place, cwd)
}

function nearFile(file: string, cwd: string): string {
  if (!isAbsolute(file)) return file
  const near = relative(cwd, file)
  return near === '' || near.startsWith('../../') || near.length >= file.length ? file : near
}
