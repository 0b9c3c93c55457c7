import { join } from 'node:path'
import { LabError } from '../command.ts'
import { releaseNamed, type Release } from '../image/release.ts'
import type { System } from '../systems.ts'
import { labIn } from './package-json.ts'
import { problemsIn } from './problems.ts'

/** A project's settings for its labs: `"hostwright": { "lab": … }` in package.json. */
export type LabSettings = {
  /** The package.json. */
  readonly file: string
  /** The project's own hosts and groups; undefined: those of a shipped system. */
  readonly own: System | undefined
  /** Debian packages that hosts can install besides those of the shipped systems. */
  readonly packages: readonly string[]
  /** Debian's release; undefined: the lab's default. */
  readonly release: Release | undefined
}

/** Reads and validates them. All problems are reported together. */
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

/** Settings in which `problemsIn` has found no problem. */
type Valid = Partial<System> & { readonly packages?: readonly string[]; readonly release?: string | number }

function labOf(file: string): unknown {
  try {
    return labIn(file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new LabError(`${file} cannot be read: ${why}`, 'Correct it there: the lab looks for its hosts in it.')
  }
}
