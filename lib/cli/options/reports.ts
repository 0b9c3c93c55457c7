import { openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Report } from '../../report/event.ts'
import { textReport } from '../../report/text.ts'
import { type Console, isLive, wantsColour } from '../console.ts'
import type { Given } from './options.ts'
import type { PlaybookOption } from './playbook-options.ts'
import { UsageError } from './usage-error.ts'

type Write = (text: string) => void

/** The report of a run: text for people, or another form on standard output, or both if the other goes into a file. */
export async function reportFor(given: Given<PlaybookOption>, console: Console): Promise<Report> {
  const form = given.value('output') ?? 'text'
  const file = given.value('output-file')
  const text = textReport({
    out: console.out,
    err: console.err,
    colour: wantsColour(console),
    verbosity: given.count('verbose'),
    columns: console.columns,
    live: isLive(console),
    cwd: console.cwd,
  })
  if (file === undefined) return form === 'text' ? text : otherReport(form, console.out, given, console)
  const other = await otherReport(form, writer(resolve(console.cwd, file)), given, console)
  return (event) => {
    text(event)
    other(event)
  }
}

async function otherReport(
  form: string,
  write: Write,
  given: Given<PlaybookOption>,
  console: Console,
): Promise<Report> {
  switch (form) {
    case 'json':
      return (await import('../../report/json.ts')).jsonReport(write)
    case 'junit':
      return (await import('../../report/junit.ts')).junitReport(write, console.cwd)
    default:
      return textReport({
        out: write,
        err: write,
        colour: false,
        verbosity: given.count('verbose'),
        columns: () => 79,
        live: false,
        cwd: console.cwd,
      })
  }
}

/** Written as it comes, so that a run that is killed leaves what it told. */
function writer(path: string): Write {
  try {
    const file = openSync(path, 'w')
    return (text) => {
      try {
        writeSync(file, text)
      } catch (cause) {
        throw unwritable(path, cause)
      }
    }
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function unwritable(path: string, cause: unknown): UsageError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UsageError(`--output-file ${path} cannot be written: ${reason}`, 'name another file', cause)
}
