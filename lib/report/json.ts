import { printableJson } from '../printable.ts'
import { maskTexts } from '../secret.ts'
import type { Report } from '../events/event.ts'

/**
 * Every event as a line of JSON, for programs: the same events that all other reports are made from.
 *
 * @example
 * {"time":"2026-01-31T12:00:00.000Z","type":"task_start","play":"Primary","task":"Install PostgreSQL","kind":"task"}
 */
export function jsonReport(write: (text: string) => void, now: () => Date = () => new Date()): Report {
  return (event) => write(`${printableJson(JSON.stringify(maskTexts({ time: now().toISOString(), ...event })))}\n`)
}
