import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { packageRoot } from '../../package-root.ts'

/** The parts of the library that a playbook may import, by their names in the package. */
const faces: Readonly<Record<string, string>> = {
  hostwright: 'lib/index',
  'hostwright/kit': 'lib/kit/index',
  'hostwright/modules': 'modules/index',
  'hostwright/testing': 'lib/testing/index',
  'hostwright/playbooks': 'playbooks/index',
}
const faceFile =
  /^(?:(lib\/index|lib\/(?:kit|testing)\/index|modules\/\w+)\.ts|dist\/(lib\/index|lib\/(?:kit|testing)\/index|modules\/\w+|playbooks\/[\w/-]+)\.js)$/

/** In a checkout, the playbooks come from their sources: nothing checks whether those that were built are out of date. */
const sourceOfPlaybooks = `${packageRoot}/playbooks/index.ts`

/** Does the built library run, and not its sources? */
export const runsBuilt = fileURLToPath(import.meta.url).startsWith(`${packageRoot}/dist/`)

/** Where the library that runs has what this name of a package stands for. A playbook must meet the one that runs it, not a second. */
export function libraryByName(specifier: string): string | undefined {
  const face = Object.hasOwn(faces, specifier) ? faces[specifier] : undefined
  if (face === 'playbooks/index' && existsSync(sourceOfPlaybooks)) return pathToFileURL(sourceOfPlaybooks).href
  return face === undefined ? undefined : runningFile(face)
}

/** The same for a file: `undefined` when it is none of the library's, `internal` when it is one that only its sources can import. */
export function libraryByFile(path: string): string | undefined {
  const own = path.startsWith(`${packageRoot}/`) ? path.slice(packageRoot.length + 1) : ''
  // The lab is built beside the library: whoever imports it may take it as it is.
  if (!/^(lib|modules|dist(?!\/lab\/))\//.test(own)) return undefined
  if (!runsBuilt) return pathToFileURL(path).href
  const [, source, built] = faceFile.exec(own) ?? []
  const face = source ?? built
  return face === undefined ? 'internal' : runningFile(face)
}

function runningFile(face: string): string {
  return pathToFileURL(`${packageRoot}/${runsBuilt ? `dist/${face}.js` : `${face}.ts`}`).href
}
