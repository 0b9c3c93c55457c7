import { readFileSync, statSync } from 'node:fs'

/** The content of a file, or the error from reading it. */
export type FileRead = { readonly bytes: Buffer } | { readonly error: NodeJS.ErrnoException }

/**
 * Reads a file that matters for every host, and parses it again only when it has changed. It does so at once: asking the kernel whether a file has changed takes
 * less than asking a thread to ask.
 */
export function parsedFile<T>(parse: (read: FileRead, path: string) => T): (path: string) => T {
  const known = new Map<string, { readonly version: string; readonly value: T }>()
  return (path) => {
    const version = versionOf(path)
    const before = known.get(path)
    if (before?.version === version) return before.value
    const value = parse(readNow(path), path)
    known.set(path, { version, value })
    return value
  }
}

function versionOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

function readNow(path: string): FileRead {
  try {
    return { bytes: readFileSync(path) }
  } catch (error) {
    return { error: error as NodeJS.ErrnoException }
  }
}
