/**
 * Runs every check of the project: lint, format, types, and each test file in a process of its own. Ends with `N passed, N failed`.
 *
 *   npm test                    everything but the long tests
 *   npm test -- --only unit     (or: checks, slow, programs, lab, vagrant) one kind
 *   npm test -- pg_hba          the files whose path holds this
 *   npm run coverage            the unit tests and the slow ones, and how much of lib and modules they run
 *   npm run test:vagrant        whole systems, too
 *   npm run test:long           every repetition, both releases, whole systems by vagrant
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { printTotal, type Check } from './run/check.ts'
import { printCoverage, recorded } from './run/coverage.ts'
import { checksOf, kinds, type Kind } from './run/kinds.ts'
import { installPackages } from './run/programs.ts'
import { runAll } from './run/start.ts'
import { withoutPrograms } from './run/without-programs.ts'

const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string' },
    long: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const { only, long } = values

if (only !== undefined && only !== 'pure' && !kinds.some((kind) => kind === only)) {
  console.error(`--only takes one of ${kinds.join(', ')}; ${only} is none of them.`)
  process.exit(5)
}

/** Without hosts and Debian packages: `npm run coverage` runs both kinds. */
const pure: readonly Kind[] = ['unit', 'slow']

const wanted = (kind: Kind): readonly Check[] =>
  only === undefined || only === kind || (only === 'pure' && pure.includes(kind))
    ? checksOf(kind, { vagrantSystems: long || only === 'vagrant' }).filter(
        ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
      )
    : []

/** A quarter of an hour, in which it mostly waits for leases to end: it goes beside the others, from the start. */
const mostlyWaits = ({ name }: Check) => name.includes('systems/patroni')

// The longest first.
const bare = withoutPrograms([...wanted('slow'), ...wanted('unit')])
const unit = values.coverage ? recorded(bare) : bare
const small = [...wanted('checks'), ...unit]
const programs = wanted('programs')
const onHosts = [...wanted('vagrant'), ...wanted('lab')]
const longest = long ? wanted('long') : []
if (onHosts.length + longest.length > 0) installPackages()
else installPackages(programs.flatMap(({ packages = [] }) => packages))

// Playbooks on hosts then start as an installed package's do, without a compiler in the way.
if (onHosts.length > 0) execFileSync(process.execPath, ['build.js'], { stdio: 'inherit' })

// Most wait for something part of the time, so one more than the processors keeps those busy. Each file on hosts has hosts of its own.
const atOnce = cpus().length + 1
const all = [...small, ...programs, ...onHosts]
const [patient, others] = await Promise.all([
  runAll(all.filter(mostlyWaits), 1),
  runAll(
    all.filter((check) => !mostlyWaits(check)),
    atOnce,
  ),
])
const verdicts = [...others, ...patient, ...(await runAll(longest, 2))]
printTotal(values.coverage && unit.length > 0 ? [...verdicts, printCoverage()] : verdicts)
