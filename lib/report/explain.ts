import { maskDeep } from '../secret.ts'
import { plainValue } from './json-text.ts'
import { nearLine } from './place.ts'
import type { ErrorReport } from '../events/event.ts'

export interface ExplainOptions {
  /** Places are shown as seen from this folder. */
  readonly cwd: string
  /** Long output is shown whole from 1 on. */
  readonly verbosity: number
}

const indent = '    '
const shortOutput = 30
const longestLine = 2000
/** What modules return for playbooks, and what would only stand between a reader and the cause. */
const noise = new Set(['changed', 'failed', 'msg', 'start', 'end', 'delta'])

/**
 * What is to be said below an error's message: where in the user's text, what the tool on the host said, and what to do next.
 * Each line is indented, so that an error reads as one block.
 */
export function explain(error: Omit<ErrorReport, 'message'>, { cwd, verbosity }: ExplainOptions): string {
  const lines = [
    ...(error.place === undefined ? [] : [nearLine(error.place, cwd)]),
    ...Object.entries(error.data).flatMap(([name, value]) => dataLines(name, value, verbosity)),
    ...(error.next === undefined ? [] : labelled('next', error.next)),
  ]
  return lines.map((line) => `${indent}${line}\n`).join('')
}

function dataLines(name: string, value: unknown, verbosity: number): readonly string[] {
  if (isEmpty(value) || noise.has(name) || name.endsWith('_lines')) return []
  const whole = plainValue(maskDeep(value)).replace(/\s+$/, '')
  if (verbosity > 0) return labelled(name, whole)
  const lines = whole.split('\n').map(shortened)
  if (lines.length <= shortOutput) return labelled(name, lines.join('\n'))
  const left = lines.length - shortOutput
  return [`${name} (the last ${shortOutput} lines; -v shows the ${left} before them):`, ...deeper(lines.slice(left))]
}

/** A megabyte on one line would push everything else off the screen. */
function shortened(line: string): string {
  const left = line.length - longestLine
  return left <= 0 ? line : `${line.slice(0, longestLine)}… (-v shows ${left} characters more)`
}

function labelled(label: string, text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.length === 1 ? [`${label}: ${text}`] : [`${label}:`, ...deeper(lines)]
}

function deeper(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${indent}${line}`)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
