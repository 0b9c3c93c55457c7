import { $, type Options } from 'zx'

/** Something the lab could not do: what it was, what the tool said, what to do next. */
export class LabError extends Error {
  /** `LabError`. */
  override name = 'LabError'
  /** What to do about it; the message ends with it. */
  readonly next: string | undefined

  constructor(what: string, next?: string) {
    super(next === undefined ? what : `${what}\n${next}`)
    this.next = next
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

export const lastLines = (text: string, count = 8): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n')

type How = {
  /** What the reader of an error can do about it. */
  readonly next?: string
  readonly input?: string
  /** Called with each line of output while the command runs. */
  readonly onLine?: (line: string) => void
}

/**
 * A shell script with a purpose: ``await sh('add the bridge')`ip link add ${name} type bridge` ``.
 * Gives its standard output; a failure says what it was for.
 */
export const sh =
  (purpose: string, how: How = {}) =>
  async (
    pieces: TemplateStringsArray,
    ...values: readonly (string | number | readonly string[])[]
  ): Promise<string> => {
    const options: Partial<Options> = { quiet: true, nothrow: true, input: how.input ?? '', shell: 'bash' }
    const running = $({ ...options, prefix: 'set -euo pipefail;' })(pieces, ...values)
    if (how.onLine !== undefined) {
      for await (const line of running) how.onLine(line)
    }
    const done = await running
    if (done.exitCode === 0) return done.stdout
    const said = lastLines(done.stderr.trim() === '' ? done.stdout : done.stderr)
    const end = done.exitCode === null ? `signal ${done.signal ?? '?'}` : `status ${done.exitCode}`
    throw new LabError(`Could not ${purpose} (${end}):\n${said}`, how.next)
  }
