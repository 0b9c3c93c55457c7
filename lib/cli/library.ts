import { fileURLToPath, pathToFileURL } from 'node:url'
import { packageRoot } from '../package-root.ts'

/** What of the library a playbook may import: by its name in the package, or by its file in a checkout. */
const faces = [
  { name: 'hostwright', source: 'lib/index.ts', files: /^(lib\/index\.ts|dist\/lib\/index\.js)$/ },
  { name: 'hostwright/modules', source: 'modules/index.ts', files: /^(modules\/\w+\.ts|dist\/modules\/index\.js)$/ },
]

/** Does the built library run, and not its sources? */
export const runsBuilt = fileURLToPath(import.meta.url).startsWith(`${packageRoot}/dist/`)

/** Where the library that runs has what this name of a package stands for. A playbook must meet the one that runs it, not a second. */
export function libraryByName(specifier: string): string | undefined {
  const face = faces.find(({ name }) => name === specifier)
  return face === undefined ? undefined : runningFile(face.source)
}

/** The same for a file: `undefined` when it is none of the library's, `internal` when it is one that only its sources can import. */
export function libraryByFile(path: string): string | undefined {
  const own = path.startsWith(`${packageRoot}/`) ? path.slice(packageRoot.length + 1) : ''
  if (!/^(lib|modules|dist)\//.test(own)) return undefined
  if (!runsBuilt) return pathToFileURL(path).href
  const face = faces.find(({ files }) => files.test(own))
  return face === undefined ? 'internal' : runningFile(face.source)
}

function runningFile(source: string): string {
  const file = runsBuilt ? `dist/${source.replace(/\.ts$/, '.js')}` : source
  return pathToFileURL(`${packageRoot}/${file}`).href
}
