import { openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Report } from '../../events/event.ts'
import { textReport } from '../../report/text.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { type Console, isLive, wantsColour } from '../console.ts'
import type { Project } from '../project/project.ts'
import type { Given } from './options.ts'
import type { PlaybookOption } from './playbook-options.ts'
import { UsageError } from './usage-error.ts'

type Write = (text: string) => void

/** The forms of a report that are built in. */
const forms = ['text', 'json', 'junit']

/**
 * The report of a run: text for people, or another form on standard output, or both if the other goes into a file. With several `--output`, all of them.
 */
export async function reportFor(given: Given<PlaybookOption>, console: Console, project: Project): Promise<Report> {
  const wanted = [...new Set(given.values('output'))]
  const file = given.value('output-file')
  const textToo = wanted.length === 0 || wanted.includes('text') || file !== undefined
  const others = file === undefined ? wanted.filter((form) => form !== 'text') : wanted
  const write = file === undefined ? console.out : writer(resolve(console.cwd, file))
  const made = await Promise.all(others.map((form) => otherReport(form, write, given, console, project)))
  const reports = textToo ? [terminalReport(given, console), ...made] : made
  const [only] = reports
  if (only !== undefined && reports.length === 1) return only
  return (event) => {
    for (const report of reports) report(event)
  }
}

function terminalReport(given: Given<PlaybookOption>, console: Console): Report {
  return textReport({
    out: console.out,
    err: console.err,
    colour: wantsColour(console),
    verbosity: given.count('verbose'),
    columns: console.columns,
    live: isLive(console),
    cwd: console.cwd,
  })
}

async function otherReport(
  form: string,
  write: Write,
  given: Given<PlaybookOption>,
  console: Console,
  project: Project,
): Promise<Report> {
  const verbosity = given.count('verbose')
  const { cwd } = console
  switch (form) {
    case 'json':
      return (await import('../../report/json.ts')).jsonReport(write)
    case 'junit':
      return (await import('../../report/junit.ts')).junitReport(write, cwd)
    case 'text':
      return textReport({ out: write, err: write, colour: false, verbosity, columns: () => 79, live: false, cwd })
  }
  const reporter = await project.reporter(form, cwd)
  if (reporter === undefined) throw unknownForm(form, project)
  const toTerminal = given.value('output-file') === undefined
  const { masked } = await import('../../report/masked.ts')
  return masked(reporter({ write, verbosity, colour: toTerminal && wantsColour(console), cwd }))
}

function unknownForm(form: string, { reporterNames }: Project): UsageError {
  const names = [...forms, ...reporterNames]
  return new UsageError(
    `--output takes ${names.join(', ')}, a file or a package, not "${form}"${didYouMean(form, names)}`,
    'name a reporter of your own in package.json: "hostwright": { "reports": { "mine": "./mine.ts" } }',
  )
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
