import { raw, type Script } from '../../quote.ts'
import { pathWord } from './host-path.ts'

/**
 * `gone PATH`: is it certain, without starting a program, that nothing is at a path that `test` does not find? It is where the nearest folder above that is
 * there may be entered. A link that leads nowhere, and a folder that may not be entered, leave it open; `stat` then tells why.
 */
export const gone = raw(`gone() {
  case $1 in /*) ;; *) return 1 ;; esac
  [ -h "$1" ] && return 1
  g=$1
  while g=\${g%/*}; [ -n "$g" ]; do
    if [ -d "$g" ]; then [ -x "$g" ]; return; fi
    [ -e "$g" ] && return
    [ -h "$g" ] && return 1
  done
  return 0
}`)

/** What many paths were found to be at once. `unsure` has to be asked by itself, which also tells why. */
export type Found<T> = { readonly is: 'there'; readonly value: T } | { readonly is: 'nothing' | 'directory' | 'unsure' }

/** The paths as words, for `set --`. */
export function pathWords(paths: readonly string[]): Script {
  return raw(paths.map((path) => pathWord(path).text).join(' '))
}

/** Longer names may be too long for the file system, which `test` does not tell apart from a name that is not there. */
export function isLong(path: string): boolean {
  return Buffer.byteLength(path) > 4000 || path.split('/').some((name) => Buffer.byteLength(name) > 255)
}
