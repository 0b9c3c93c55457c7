import { maskTexts } from '../secret.ts'
import type { Event, Report } from '../events/event.ts'

/** A report that is given no secret: every known one in the texts of an event is masked before. */
export function masked(report: Report): Report {
  return (event) => report(maskTexts(event) as Event)
}
