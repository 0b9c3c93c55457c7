import type { Check } from './check.ts'
import { testFiles } from './files.ts'

/** Test files that do more when they are told so: a part of the path, what is more, and the variable that says it. */
const more: readonly (readonly [path: string, what: string, env: Readonly<Record<string, string>>])[] = [
  ['lib/engine/ahead/look-ahead.test', '2000 random playbooks', { HOSTWRIGHT_RANDOM_PLAYBOOKS: '2000' }],
  ['lib/engine/shared-target.test', '50 times', { HOSTWRIGHT_TEN_ON_ONE: '50' }],
  ['modules-lab/ten-on-one.test', '50 times', { HOSTWRIGHT_TEN_ON_ONE: '50' }],
  ['systems/archive.test', '50 times', { HOSTWRIGHT_TEN_ON_ONE: '50' }],
  ['lib/encode/', '10,000 values', { HOSTWRIGHT_VALUES: '10000' }],
  ['modules/hostile-values.test', '10,000 values', { HOSTWRIGHT_VALUES: '10000' }],
  ['modules/values/', '10,000 values', { HOSTWRIGHT_VALUES: '10000' }],
]

/** The long tests on both releases, and on the older one what the short run does on the newer. */
export function longChecks(): readonly Check[] {
  const on = (release: string) => (check: Check) => ({
    ...check,
    name: `${check.name} (Debian ${release})`,
    env: { HOSTWRIGHT_LAB_RELEASE: release },
  })
  const all = testFiles(['lib', 'modules', 'modules-lab', 'systems'], 4 * 3600)
  const longer = more.flatMap(([path, what, env]) => {
    const found = all.filter(({ name }) => name.includes(path))
    if (found.length === 0) throw new Error(`test/run/long.ts names ${path}, and no test file is there`)
    return found.map((check) => ({ ...check, name: `${check.name} (${what})`, env }))
  })
  const each = testFiles(['long'], 4 * 3600)
  const older = [
    ...testFiles(['playbooks'], 3600).filter(({ name }) => name.includes('site')),
    ...testFiles(['systems', 'modules-lab'], 3600),
  ]
  return [...longer, ...each.flatMap((check) => [on('13')(check), on('12')(check)]), ...older.map(on('12'))]
}
