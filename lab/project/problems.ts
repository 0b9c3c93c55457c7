import { isLight, isName, nameRule } from '../names.ts'
import { isReleaseName, releases } from '../image/release.ts'

/** Each problem begins with the key it is about. */
type Problems = readonly string[]

const most = 240

/** Validates the value of `"hostwright": { "lab": … }`. @returns its problems */
export function problemsIn(lab: unknown): Problems {
  if (!isObject(lab)) return ['lab: must be an object, as { "hosts": ["web1"] }']
  const unknown = Object.keys(lab).filter((key) => !Object.hasOwn(checks, key))
  return [
    ...unknown.map((key) => `${key}: is not known here; known: ${Object.keys(checks).join(', ')}`),
    ...Object.entries(checks).flatMap(([key, check]) => (lab[key] === undefined ? [] : check(lab[key], lab))),
  ]
}

const checks: Readonly<Record<string, (value: unknown, lab: Readonly<Record<string, unknown>>) => Problems>> = {
  hosts: (value) => {
    if (!Array.isArray(value) || value.length === 0) return ['hosts: must be a list of names, as ["web1", "db1"]']
    return [
      ...value.flatMap((name, index) => hostProblem(`hosts[${index}]`, name)),
      ...twice('hosts', value),
      ...(value.length > most ? [`hosts: a lab holds ${most} hosts at most`] : []),
    ]
  },
  groups: (value, { hosts }) => {
    if (!isObject(value)) return ['groups: must map names to lists of hosts, as { "web": ["web1"] }']
    if (!Array.isArray(hosts)) return ['groups: needs "hosts" beside it, the list of all hosts']
    return Object.entries(value).flatMap(([group, members]) => groupProblems(group, members, hosts))
  },
  packages: (value) => {
    if (!Array.isArray(value)) return ['packages: must be a list of names of Debian packages, as ["nginx"]']
    return value.flatMap((name, index) =>
      typeof name === 'string' && /^[a-z0-9][a-z0-9+.-]+$/.test(name)
        ? []
        : [`packages[${index}]: ${shown(name)} cannot name a Debian package`],
    )
  },
  release: (value) =>
    (typeof value === 'string' || typeof value === 'number') && isReleaseName(String(value))
      ? []
      : [`release: ${shown(value)} is no release of Debian that the lab has: ${Object.keys(releases).join(' or ')}`],
}

function hostProblem(key: string, name: unknown): Problems {
  if (typeof name !== 'string' || !isName(name)) return [`${key}: ${shown(name)} cannot name a host. ${nameRule}`]
  return isLight(name) ? [`${key}: "${name}" is a name of the lab's light hosts. Choose another one.`] : []
}

function groupProblems(group: string, members: unknown, hosts: readonly unknown[]): Problems {
  const key = `groups.${group}`
  if (!/^[A-Za-z_]\w*$/.test(group)) return [`${key}: cannot name a group. Use letters, digits and _, a letter first.`]
  if (group === 'all' || group === 'ungrouped') return [`${key}: every inventory has this group already`]
  if (!Array.isArray(members)) return [`${key}: must be a list of hosts, as ["web1"]`]
  const strange = members.filter((member) => !hosts.includes(member))
  return [...strange.map((name) => `${key}: ${shown(name)} is not in "hosts"`), ...twice(key, members)]
}

const twice = (key: string, list: readonly unknown[]): Problems =>
  [...new Set(list.filter((item, index) => list.indexOf(item) !== index))].map(
    (item) => `${key}: ${shown(item)} is there twice`,
  )

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value)
