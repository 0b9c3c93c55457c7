import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { printable, printableJson, printableName } from '../printable.ts'
import { didYouMean } from '../schema/nearest.ts'
import { mask, maskDeep } from '../secret.ts'
import type { ListedInventory } from './inventory.ts'
import { toJson } from './json-text.ts'
import { compareText, inputError } from './model.ts'
import { pythonText } from './values/python-text.ts'
import { isMapping, type Raw, UnsafeText, type Value, type Variables, VaultText } from './values/value.ts'

export interface ListingOptions {
  /** Keeps the variables with the group or host that sets them, instead of merging them into the hosts. */
  readonly export?: boolean
}

export interface GraphOptions {
  /** The group at the top; `all` otherwise. */
  readonly from?: string
  /** Shows the variables too. */
  readonly vars?: boolean
}

/** Variables that are not the user's, and which Ansible leaves out of its listings. */
const internal = new Set(
  (
    'ansible_diff_mode ansible_config_file ansible_facts ansible_forks ansible_inventory_sources ansible_limit ' +
    'ansible_playbook_python ansible_run_tags ansible_skip_tags ansible_verbosity ansible_version inventory_dir inventory_file ' +
    'inventory_hostname inventory_hostname_short groups group_names omit playbook_dir'
  ).split(' '),
)

/**
 * What `ansible-inventory --list` prints: the groups, and the variables of every host under `_meta`.
 *
 * @example
 * listJson(inventory) // '{\n    "_meta": { …'
 */
export function listJson(inventory: ListedInventory, options: ListingOptions = {}): string {
  const groups: [string, Value][] = []
  for (const name of below(inventory, 'all')) {
    const group = inventory.groups.get(name)
    const parts: [string, Value][] = [
      ['hosts', name === 'all' ? [] : (group?.hosts ?? [])],
      ['children', group?.children ?? []],
      ['vars', options.export ? groupVars(inventory, name) : {}],
    ]
    const body = Object.fromEntries(parts.filter(([, part]) => Object.keys(part ?? {}).length > 0))
    if (Object.keys(body).length > 0) groups.push([name, body])
  }
  const hosts = inventory.hosts.map((host): [string, Value] => [host, hostVars(inventory, host, options)])
  const hostvars = Object.fromEntries(hosts.filter(([, vars]) => Object.keys(vars ?? {}).length > 0))
  return toJson(masked(Object.fromEntries([...groups, ['_meta', { hostvars }]])))
}

/** What `ansible-inventory --host HOST` prints: the variables of one host. */
export function hostJson(inventory: ListedInventory, host: string, options: ListingOptions = {}): string {
  return toJson(masked(hostVars(inventory, host, options)))
}

/** What `ansible-inventory --list --yaml` says, laid out by our own YAML writer. */
export function listYaml(inventory: ListedInventory, options: ListingOptions = {}): string {
  const seen = new Set<string>()
  const nested = (name: string): Record<string, Value> => {
    const group = inventory.groups.get(name)
    const children = Object.assign({}, ...(group?.children ?? []).map(nested)) as Record<string, Value>
    const hosts = (name === 'all' ? [] : (group?.hosts ?? [])).map((host): [string, Value] => {
      const vars = seen.has(host) ? {} : hostVars(inventory, host, options)
      seen.add(host)
      return [host, vars]
    })
    const vars = options.export ? groupVars(inventory, name) : {}
    const parts = { children, hosts: Object.fromEntries(hosts), vars }
    return { [name]: Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)) }
  }
  return yamlText(masked(nested('all')))
}

function yamlText(value: Value): string {
  const { Document, visit } = createRequire(import.meta.url)('yaml') as typeof Yaml
  const options = { version: '1.1', indentSeq: false, sortMapEntries: true, aliasDuplicateObjects: false } as const
  const document = new Document(value, options)
  // Only between double quotes can a character be written by its number.
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && printableJson(node.value) !== node.value) node.type = 'QUOTE_DOUBLE'
    },
  })
  return printableJson(document.toString(options))
}

/** What `ansible-inventory --graph` prints: the groups as a tree, with their hosts. */
export function graph(inventory: ListedInventory, { from = 'all', vars = false }: GraphOptions = {}): string {
  const lines: string[] = []
  const add = (text: string, depth: number) => {
    lines.push(depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`)
  }
  const addVars = (values: Readonly<Record<string, Value>>, depth: number) => {
    for (const [name, value] of Object.entries(values).sort(([a], [b]) => compareText(a, b)))
      // The lines of a value are its own, as in Ansible.
      add(printable(mask(`{${name} = ${pythonText(masked(value))}}`)), depth)
  }
  const addGroup = (name: string, depth: number) => {
    const group = inventory.groups.get(name)
    add(printableName(mask(`@${name}:`)), depth)
    for (const child of group?.children ?? []) addGroup(child, depth + 1)
    for (const host of name === 'all' ? [] : (group?.hosts ?? [])) {
      add(printableName(mask(host)), depth + 1)
      if (vars) addVars(shown(inventory.written(host), bare), depth + 2)
    }
    if (vars) addVars(groupVars(inventory, name, bare), depth + 1)
  }
  if (!inventory.groups.has(from))
    throw inputError(`there is no group ${from}${didYouMean(from, inventory.groups.keys())}`, undefined, 'name a group')
  addGroup(from, 0)
  return lines.join('\n')
}

/** Before anything is escaped: what is secret is known as it is. */
function masked(value: Value): Value {
  return maskDeep(value) as Value
}

function below(inventory: ListedInventory, top: string): Set<string> {
  const names = new Set([top])
  for (const name of names) for (const child of inventory.groups.get(name)?.children ?? []) names.add(child)
  return names
}

function hostVars(inventory: ListedInventory, host: string, options: ListingOptions): Record<string, Value> {
  return shown(inventory.written(host, options.export ?? false))
}

function groupVars(inventory: ListedInventory, name: string, show = marked): Record<string, Value> {
  const priority = inventory.groups.get(name)?.priority ?? 1
  return {
    ...shown(inventory.writtenOfGroup(name), show),
    ...(priority === 1 ? {} : { ansible_group_priority: priority }),
  }
}

function shown(variables: Variables, show = marked): Record<string, Value> {
  const entries = [...variables].filter(([name]) => !internal.has(name))
  return Object.fromEntries(entries.map(([name, { value }]) => [name, show(value)]))
}

/** Encrypted and unsafe texts as Ansible marks them in JSON: nothing is decrypted for a listing. */
function marked(value: Raw): Value {
  return replaced(
    value,
    ({ ciphertext }) => ({ __ansible_vault: ciphertext }),
    ({ text }) => ({ __ansible_unsafe: text }),
  )
}

/** The same for reading by eye. */
function bare(value: Raw): Value {
  return replaced(
    value,
    () => '(encrypted)',
    ({ text }) => text,
  )
}

function replaced(value: Raw, vault: (value: VaultText) => Value, unsafe: (value: UnsafeText) => Value): Value {
  if (value instanceof VaultText) return vault(value)
  if (value instanceof UnsafeText) return unsafe(value)
  if (Array.isArray(value)) return (value as readonly Raw[]).map((item) => replaced(item, vault, unsafe))
  if (!isMapping(value)) return value as null | boolean | number | string
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, vault, unsafe)]))
}
