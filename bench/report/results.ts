import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Form } from '../cases/case.ts'
import type { Entry } from '../measure/race.ts'

export interface CaseResult {
  readonly title: string
  /** ISO date and time at which it was measured. */
  readonly date: string
  /** The commit of hostwright. */
  readonly commit: string
  readonly forks: number
  readonly entries: readonly Entry[]
}

/** All that is kept: the newest result of each case. */
export interface Results {
  readonly form: Form
  /** What it was measured on and with. */
  readonly machine: Readonly<Record<string, string>>
  readonly cases: Readonly<Record<string, CaseResult>>
}

/** A case that was run alone takes the place of its older result only. */
export const withCase = (results: Results, name: string, result: CaseResult): Results => ({
  ...results,
  cases: { ...results.cases, [name]: result },
})

const fileIn = (folder: string, form: Form) => join(folder, `${form}.json`)

export function readResults(folder: string, form: Form): Results {
  const file = fileIn(folder, form)
  if (!existsSync(file)) return { form, machine: {}, cases: {} }
  return JSON.parse(readFileSync(file, 'utf8')) as Results
}

/** Writes texts under these names, each whole or not at all. */
export function writeTexts(folder: string, texts: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(folder, `${name}.part`), text)
    renameSync(join(folder, `${name}.part`), join(folder, name))
  }
}

export const writeResults = (folder: string, results: Results): void =>
  writeTexts(folder, { [`${results.form}.json`]: `${JSON.stringify(results, undefined, 1)}\n` })
