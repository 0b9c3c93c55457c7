import { posix } from 'node:path'
import { lines, raw, sh, type Script } from '../../../quote.ts'
import { arrival, staging } from './arrival.ts'
import type { FileAttributes } from '../files.ts'
import { hostPath, parentOf, pathWord, wayBelow } from '../host-path.ts'
import { account } from '../remote/remote-attributes.ts'

/**
 * Makes a folder with its missing parents. Each is made and entered from inside its parent, so no link that appears meanwhile is followed. All new folders
 * get the attributes. A folder that another program makes at the same time is accepted.
 */
export function directoryScript(path: string, attributes: FileAttributes): Script {
  return lines(arrival, making(path, attributes))
}

function making(path: string, { mode, ...owner }: FileAttributes): Script {
  const owners = account(owner)
  return lines(
    sh`p=${pathWord(path)} missing=
while [ -n "$p" ] && [ ! -d "$p" ]; do missing=\${p##*/}/$missing p=\${p%/*}; done
[ -n "$missing" ] || exit 0
enter "\${p:-/}" || exit 1
while [ -n "$missing" ]; do
  c=\${missing%%/*} missing=\${missing#*/} v=$w
  mkdir -- "./$c" || [ -d "./$c" ] || exit 1
  cd -P -- "./$c" && { at "$v/$c" || moved; } || exit 1`,
    raw(owners === undefined ? '' : `  chown -h -- ${owners} . || exit 1`),
    raw(mode === undefined ? '' : `  chmod -- ${mode} . || exit 1`),
    raw('done'),
  )
}

/**
 * Makes many missing folders with few programs: those with the same parent are made in a stage, get their attributes there, and are moved out. Fails in unusual
 * cases. The caller then makes the remaining ones one by one.
 */
export function directoriesScript(paths: readonly string[], attributes: FileAttributes, unique: string): Script {
  const all = [...new Set(paths.map(hostPath))].sort()
  const known = new Set(all)
  const tops = all.filter((path) => !known.has(parentOf(path)))
  const parents = [...new Set(tops.map(parentOf))]
  return lines(
    arrival,
    staging,
    ...parents.map((parent) => {
      const moved = tops.filter((path) => parentOf(path) === parent)
      const made = all.filter((path) => moved.some((top) => path === top || path.startsWith(`${top}/`)))
      return lines(
        sh`[ -d ${pathWord(parent)} ] || (
${making(parent, attributes)}
) || exit 1`,
        stagedScript(parent, moved, made, attributes, unique),
      )
    }),
  )
}

/** Refuses a parent with the setgid bit: folders that are moved into it would not inherit its group. */
function stagedScript(
  parent: string,
  tops: readonly string[],
  made: readonly string[],
  { mode, ...owner }: FileAttributes,
  unique: string,
): Script {
  const words = made.map((path) => wayBelow(parent, path))
  const owners = account(owner)
  return lines(
    sh`(enter ${pathWord(parent)} && [ ! -g . ] || exit 1
stage .hostwright.${unique}
mkdir -- ${words} || exit 1`,
    raw(owners === undefined ? '' : sh`chown -h -- ${raw(owners)} ${words} || exit 1`.text),
    raw(mode === undefined ? '' : sh`chmod -- ${mode} ${words} || exit 1`.text),
    sh`mv -- ${tops.map((path) => `./${posix.basename(path)}`)} ..) || exit 1`,
  )
}
