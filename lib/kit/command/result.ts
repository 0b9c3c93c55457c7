import type { Answer } from '../../host/host.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { unknownText } from '../../play/module.ts'

/** The result of `command` and `shell`. */
export interface CommandResult {
  /** What ran: a line of shell, or the program and its arguments. */
  readonly cmd: string | readonly string[]
  /** The exit status. */
  readonly rc: number
  /** Its standard output, without the last newline. */
  readonly stdout: string
  /** Its standard error, without the last newline. */
  readonly stderr: string
  /** `stdout` by lines. */
  readonly stdout_lines: readonly string[]
  /** `stderr` by lines. */
  readonly stderr_lines: readonly string[]
  /** When it began and ended, by the controller's clock, and how long it took. */
  readonly start?: string
  /** When it ended. */
  readonly end?: string
  /** How long it took. */
  readonly delta?: string
  /** Why it failed or did not run; empty otherwise. */
  readonly msg: string
}

/** What stands for the output of a command that is yet to run. */
export function unknownResult(cmd: CommandResult['cmd']): CommandResult {
  const stdout = unknownText('stdout')
  const stderr = unknownText('stderr')
  return { cmd, rc: 0, stdout, stderr, stdout_lines: [stdout], stderr_lines: [stderr], msg: '' }
}

/** The result of a command that was not needed. */
export function notRun(cmd: CommandResult['cmd'], why: string): CommandResult {
  return { cmd, rc: 0, stdout: why, stderr: '', stdout_lines: [why], stderr_lines: [], msg: '' }
}

/**
 * The result of a command that ran. Throws when it ended with another status than 0: in check mode that may be because an earlier task has not really
 * run, so it is for the engine to judge.
 */
export function finished(
  cmd: CommandResult['cmd'],
  { status, stdout, stderr }: Answer,
  started: number,
  strip: boolean,
): CommandResult {
  const ended = Date.now()
  const [out, err] = [stdout, stderr].map((output) => (strip ? output.replace(/[\r\n]+$/, '') : output))
  const result: CommandResult = {
    cmd,
    rc: status,
    stdout: out ?? '',
    stderr: err ?? '',
    stdout_lines: splitLines(out ?? ''),
    stderr_lines: splitLines(err ?? ''),
    start: localTime(started),
    end: localTime(ended),
    delta: duration(ended - started),
    msg: status === 0 ? '' : 'non-zero return code',
  }
  if (status !== 0)
    throw new Unreadable(`the command ended with status ${status}`, 'command', {
      data: { ...result },
      next: status === 127 ? 'check that the program is installed, and in the PATH' : 'see what it says above',
    })
  return result
}

/** As Python splits lines; Ansible's `stdout_lines` do. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function localTime(ms: number): string {
  const moment = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return `${moment.toISOString().replace('T', ' ').replace('Z', '')}000`
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${clock}.${String(ms % 1000).padStart(3, '0')}000`
}
