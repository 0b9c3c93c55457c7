import type { Report } from '../events/event.ts'

/** Where and how a reporter writes. */
export interface ReporterOptions {
  /** Writes to standard output, or to the file of `--output-file`. */
  readonly write: (text: string) => void
  /** How often `-v` was given. */
  readonly verbosity: number
  /** Whether colours are wanted. */
  readonly colour: boolean
  /** The current folder: paths are shown relative to it. */
  readonly cwd: string
}

/**
 * Makes a report, which is called with every event of a run, in order. The command line takes one by name: `--output NAME` with `"reports": { "NAME":
 * "./mine.ts" }` under `"hostwright"` in package.json, or `--output ./mine.ts`. The file exports it as its default. Events hold no secret: known ones are masked.
 *
 * @example
 * const changes: Reporter = ({ write }) => (event) => {
 *   if (event.type === 'result' && event.status === 'changed') write(`${event.host}: ${event.task}\n`)
 * }
 * export default changes
 */
export type Reporter = (options: ReporterOptions) => Report
