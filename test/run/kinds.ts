import type { Check } from './check.ts'
import { testFiles } from './files.ts'
import { longChecks } from './long.ts'

/** The kinds of checks, in the order in which they run; `--only` takes one of them. */
export const kinds = ['checks', 'unit', 'slow', 'programs', 'lab', 'vagrant', 'long'] as const
export type Kind = (typeof kinds)[number]

const tools: readonly Check[] = [
  { name: 'eslint', argv: ['npx', 'eslint', '.'], limit: 900, counts: false },
  { name: 'prettier', argv: ['npx', 'prettier', '--check', '.'], limit: 600, counts: false },
  { name: 'types', argv: ['npx', 'tsc', '--noEmit'], limit: 900, counts: false },
]
const onThisMachine = testFiles(
  ['api', 'architecture', 'bench', 'docs', 'examples', 'lib', 'modules', 'package', 'run'],
  900,
)

/** Test files of one kind. `unit` needs nothing but Node and a POSIX system, and so does `slow`, whose first line says
 * why it takes long (`// slow: …`); `programs` needs Debian packages, on this machine; `lab` needs hosts. */
export function checksOf(kind: Kind, { vagrantSystems = false } = {}): readonly Check[] {
  switch (kind) {
    case 'checks':
      return tools
    case 'unit':
      return onThisMachine.filter(({ packages = [], slow }) => packages.length === 0 && slow !== true)
    case 'slow':
      return onThisMachine.filter(({ slow }) => slow)
    case 'programs':
      return onThisMachine.filter(({ packages = [] }) => packages.length > 0)
    case 'lab':
      // The longest first.
      return testFiles(['systems', 'playbooks', 'modules-lab', 'lab'], 3600)
    case 'vagrant':
      // Two whole systems by `vagrant up` take half of what all other lab tests take; their playbooks run on lab hosts each time.
      return testFiles(['vagrant'], 3600).filter(({ name }) => vagrantSystems || !name.includes('systems'))
    case 'long':
      return longChecks()
  }
}
