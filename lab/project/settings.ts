import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../command.ts'
import { releaseNamed, type Release } from '../image/release.ts'
import type { System } from '../systems.ts'
import { problemsIn } from './problems.ts'

/** What a project's package.json says under `"hostwright": { "lab": … }`. */
export type LabSettings = {
  /** The package.json. */
  readonly file: string
  /** The project's own hosts and groups; none: those of a shipped system. */
  readonly own: System | undefined
  /** Debian packages that hosts can install besides those of the shipped systems. */
  readonly packages: readonly string[]
  /** Debian's release; none: the lab's default. */
  readonly release: Release | undefined
}

/** Reads and validates them; all that is wrong is told together. */
export function labSettings(project: string): LabSettings {
  const file = join(project, 'package.json')
  const lab = labOf(file)
  if (lab === undefined) return { file, own: undefined, packages: [], release: undefined }
  const problems = problemsIn(lab)
  if (problems.length > 0)
    throw new LabError(
      `${file}: "hostwright": { "lab": … } cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
      'Nothing was touched. Correct it there and try again.',
    )
  const { hosts, groups = {}, packages = [], release } = lab as Valid
  return {
    file,
    own: hosts === undefined ? undefined : { hosts, groups },
    packages: [...new Set(packages)].sort(),
    release: release === undefined ? undefined : releaseNamed(String(release)),
  }
}

/** What `problemsIn` finds nothing wrong with. */
type Valid = Partial<System> & { readonly packages?: readonly string[]; readonly release?: string | number }

function labOf(file: string): unknown {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly hostwright?: { readonly lab?: unknown }
    } | null
    return content?.hostwright?.lab
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new LabError(`${file} cannot be read: ${why}`, 'Correct it there: the lab looks for its hosts in it.')
  }
}
