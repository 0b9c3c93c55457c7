import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { CannotEncode } from '../../../lib/encode/index.ts'
import { drawnFrom, hostileValues } from '../../support/hostile-values.ts'

/** A value and how its encoder writes it. */
export interface Written {
  readonly value: string
  readonly text: string
}

/** The hostile values that this encoder writes; each of the others must be refused in its words. */
export function writtenBy(
  encode: (value: string) => string,
  values: readonly string[] = hostileValues(),
): readonly Written[] {
  const written = values.flatMap((value): readonly Written[] => {
    try {
      return [{ value, text: encode(value) }]
    } catch (error) {
      if (!(error instanceof CannotEncode)) throw error
      assert.match(error.message, /^[\x20-\x7e]+$/, 'the reason is plain words')
      return []
    }
  })
  // Refusing everything would prove nothing.
  assert.ok(written.length >= 5, `${written.length} of ${values.length} values are written`)
  return written
}

/** Each value is what was read at its place. */
export function sameAll(written: readonly Written[], read: (index: number) => unknown): void {
  written.forEach(({ value, text }, i) => {
    const found = read(i)
    if (found !== value)
      assert.unreachable(
        `${JSON.stringify(text)} is read as ${JSON.stringify(found)}, not as ${JSON.stringify(value)} (${drawnFrom})`,
      )
  })
}

/** A file with this text, gone afterwards. */
export function withFile<T>(text: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-encode-'))
  try {
    const path = join(folder, 'file')
    writeFileSync(path, text, { mode: 0o600 })
    return use(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a reader of readers.py answers. */
export function askPython(kind: string, request: unknown): unknown {
  const script = new URL('readers.py', import.meta.url).pathname
  const answer = execFileSync('/usr/bin/python3', [script], {
    input: JSON.stringify([kind, request]),
    maxBuffer: 1 << 28,
  })
  return JSON.parse(answer.toString()) as unknown
}
