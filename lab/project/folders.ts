import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMissing, LabError } from '../command.ts'
import { labIn } from './package-json.ts'

const file = 'package.json'

/** A folder and those above it, the nearest first. */
const upwards = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...upwards(dirname(folder))]

const withPackage = (folder: string): readonly string[] => upwards(folder).filter((at) => existsSync(join(at, file)))

/** The folder of this package, wherever in it this code lies: its scripts and the shipped systems are read from there. */
export const packageFolder = withPackage(dirname(fileURLToPath(import.meta.url)))[0] ?? '/'

/**
 * The folder of the project that a lab belongs to: of the package.json files from `from` upwards, the nearest that has
 * `"hostwright": { "lab": … }`, or else the nearest.
 */
export function projectFolder(from: string): string {
  const start = realFolder(from)
  const found = withPackage(start)
  const nearest = found.find((at) => saysLab(join(at, file))) ?? found[0]
  if (nearest !== undefined) return nearest
  throw new LabError(
    `No package.json is in ${start} or above it, and a lab belongs to a project.`,
    'Go to the folder of your project, or make it one: npm init -y',
  )
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch (error) {
    if (isMissing(error)) throw new LabError(`There is no folder ${folder}.`, 'Name the folder of your project.')
    throw error
  }
}

/** A file that cannot be read has no lab here. If it is the nearest, reading its settings reports the error. */
function saysLab(path: string): boolean {
  try {
    return labIn(path) !== undefined
  } catch {
    return false
  }
}
