import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this package, wherever in it this code lies: the sources and the built package have their files in different places. */
export const packageRoot = folderWithPackage(dirname(fileURLToPath(import.meta.url)))

function folderWithPackage(folder: string): string {
  return existsSync(`${folder}/package.json`) || folder === dirname(folder)
    ? folder
    : folderWithPackage(dirname(folder))
}
