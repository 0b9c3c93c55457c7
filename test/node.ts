/**
 * Runs the unit tests on other releases of Node, which strip types by themselves: without tsx. Ends with `N passed, N failed` for each.
 *
 *   npm run test:node                  Node 22 and 24
 *   npm run test:node -- 24 schema     one release; the files whose path holds this
 *
 * npm's packages `node-PLATFORM-ARCH` hold the program `node`.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { printTotal } from './run/check.ts'
import { checksOf } from './run/kinds.ts'
import { runAll } from './run/start.ts'
import { withoutPrograms } from './run/without-programs.ts'

const words = process.argv.slice(2)
const given = words.filter((word) => /^\d+$/.test(word))
const paths = words.filter((word) => !given.includes(word))

/** The program of a release, which npm fetches the first time. */
function nodeOf(release: string): string {
  const name = `--package=node-${process.platform}-${process.arch}@${release}`
  return execFileSync('npm', ['exec', '--yes', name, '--', 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

for (const release of given.length > 0 ? given : ['22', '24']) {
  const node = nodeOf(release)
  console.log(`\nNode ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`)
  const files = [...checksOf('slow'), ...checksOf('unit')].filter(
    ({ name }) => paths.length === 0 || paths.some((path) => name.includes(path)),
  )
  const native = files.map((check) => ({ ...check, argv: [node, check.name] }))
  printTotal(await runAll(withoutPrograms(native, node), Math.min(2, cpus().length)))
}
