import { defined } from '../../defined.ts'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { Console } from '../console.ts'
import { importFile } from '../playbooks/import-file.ts'

/**
 * Imports a file or a package of the user's own, and takes its default export.
 *
 * @param from - the package.json that names it, or a folder.
 */
export async function importFrom(
  specifier: string,
  from: string,
  { cwd, env }: Pick<Console, 'cwd' | 'env'>,
): Promise<{ readonly value: unknown; readonly file: string }> {
  const file = fileOf(specifier, from)
  return { value: (await importFile(file, cwd, env))['default'], file }
}

/** Whether a package of this name can be loaded from there. */
export function isInstalled(specifier: string, from: string): boolean {
  try {
    return isAbsolute(createRequire(from).resolve(specifier))
  } catch {
    return false
  }
}

function fileOf(specifier: string, from: string): string {
  if (/^\.{0,2}\//.test(specifier)) {
    const file = resolve(dirname(from), specifier)
    if (existsSync(file)) return file
    throw missing(`${specifier} does not exist`, from, 'correct the path; it is relative to the package.json')
  }
  try {
    return createRequire(from).resolve(specifier)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
      throw missing(
        `the package ${specifier} exports nothing to load`,
        from,
        'its exports must have a "default"',
        cause,
      )
    throw missing(
      `there is no package ${specifier}`,
      from,
      `install it: npm install ${specifier}; a file is written with ./`,
      cause,
    )
  }
}

function missing(message: string, file: string, next: string, cause?: unknown): HostwrightError {
  return new HostwrightError(message, {
    kind: 'input',
    place: { file },
    next,
    ...defined({ cause }),
  })
}
