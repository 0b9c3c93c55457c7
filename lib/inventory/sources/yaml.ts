import type { Place } from '../../error.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { hostNames } from './ini.ts'
import { type GroupNode, inputError, type InventoryModel } from '../model.ts'
import { describe, isMapping, type Raw, type RawMapping } from '../values/value.ts'
import type { YamlData } from './yaml-data.ts'

export interface YamlInventoryOptions {
  readonly file: string
  readonly warn: (message: string, place?: Place) => void
  /** What to do about a value that should be a mapping. */
  readonly hint?: string
}

const sections = ['hosts', 'vars', 'children']

/**
 * Reads a YAML inventory into the model: groups at the top, each with hosts, vars and children.
 *
 * @example
 * readYamlInventory(readYaml('web: {hosts: {web[1:2]: }}', 'hosts.yml'), model, { file: 'hosts.yml', warn })
 */
export function readYamlInventory(yaml: YamlData, model: InventoryModel, options: YamlInventoryOptions): void {
  const { file, warn, hint = mappingHint } = options
  const { data } = yaml
  if (data === null) return
  if (!isMapping(data))
    throw inputError(
      `a YAML inventory is a mapping of groups, but this is ${describe(data)}`,
      { file, line: 1 },
      yamlHint,
    )
  if (data['plugin'])
    throw inputError(
      'inventory plugins are not supported',
      yaml.keyPlace(data, 'plugin'),
      'use a script that prints JSON',
    )
  for (const [name, body] of Object.entries(data)) readGroup(name, body, yaml.keyPlace(data, name))

  function readGroup(name: string, body: Raw, place: Place): GroupNode | undefined {
    if (body !== null && !isMapping(body)) {
      warn(`the group ${name} is ${describe(body)}, not a mapping; it is skipped`, place)
      return undefined
    }
    const group = model.addGroup(name, place)
    if (body === null) return group
    for (const [key, entries] of Object.entries(body)) readSection(group, key, entries, yaml.keyPlace(body, key))
    return group
  }

  function readSection(group: GroupNode, key: string, written: Raw, place: Place): void {
    if (!sections.includes(key)) {
      if (written !== null)
        warn(
          `"${key}" in the group ${group.name} is skipped${didYouMean(key, sections)}: only hosts, vars and children count`,
          place,
        )
      return
    }
    const entries = typeof written === 'string' ? { [written]: null } : written
    if (entries === null) return
    if (!isMapping(entries))
      throw inputError(`the ${key} of the group ${group.name} must be a mapping, not ${describe(entries)}`, place, hint)
    for (const [name, entry] of Object.entries(entries)) {
      const at = entries === written ? yaml.keyPlace(entries, name) : place
      if (key === 'vars') model.setGroupVariable(group, name, { value: entry, place: at })
      else if (key === 'hosts') readHosts(group, name, entry, at)
      else {
        const child = readGroup(name, entry, at)
        if (child === undefined) throw inputError(`the child ${name} of ${group.name} is no group`, at, hint)
        model.addChild(group, child, at)
      }
    }
  }

  function readHosts(group: GroupNode, pattern: string, vars: Raw, place: Place): void {
    const found = hostNames(pattern)
    if ('error' in found) throw inputError(found.error, place, found.next)
    if (vars && !isMapping(vars))
      throw inputError(`the variables of ${pattern} must be a mapping, not ${describe(vars)}`, place, hint)
    const variables: RawMapping = vars && isMapping(vars) ? vars : {}
    for (const name of found.hosts) {
      const host = model.addHost(name, group, place, found.port)
      for (const [key, value] of Object.entries(variables))
        host.vars.set(key, { value, place: yaml.keyPlace(variables, key) })
    }
  }
}

const yamlHint = 'begin with a group: "all:"; an INI inventory needs another ending than .yml, .yaml or .json'
const mappingHint = 'end each name with a colon, and do not begin it with a dash'
