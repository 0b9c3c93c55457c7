// needs: ansible-core python3 python3-yaml
import { test } from 'uvu'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { InputErrors, type HostwrightError } from '../../../lib/error.ts'
import { limitHosts, type ListedInventory, loadInventory } from '../../../lib/inventory/index.ts'
import { toJson } from '../../../lib/inventory/json-text.ts'
import { graph, hostJson, listJson, listYaml } from '../../../lib/inventory/listing.ts'
import type { Value } from '../../../lib/inventory/values/value.ts'
import { parse } from 'yaml'
import { broken, brokenWithoutLine } from './broken.ts'
import { writeFixture } from './fixture.ts'
import { type Fixture, fixtures } from './fixtures.ts'
import { generatedFixtures } from './generated.ts'
import { askAnsible } from './oracle.ts'

/*
 * Where we differ from Ansible on purpose, and the generator or the fixtures keep away:
 *
 * - A broken source is refused whole, with an error; Ansible keeps what stood before the error, warns, and exits with 0. The same
 *   for a source that does not exist.
 * - Floats without a fraction print as integers (1.0 as 1), since JavaScript has one kind of number; integers beyond 2^53 are
 *   text, digit by digit.
 * - The variables of a host that is named like a group belong to the host; Ansible gives them to the group.
 * - Ranges that hold nothing, or of several letters, are errors; Ansible makes no hosts of them, or odd ones.
 * - A YAML date stays text as it is written; a byte order mark is skipped; only whole IPv6 addresses are addresses.
 */

interface Answer {
  readonly failed: readonly string[]
  readonly list: string
  readonly export: string
  readonly yaml: Value
  readonly graph: string
  readonly graphVars: string | null
  readonly order: readonly string[]
  readonly magic: Readonly<
    Record<string, { readonly group_names: readonly string[]; readonly inventory_hostname_short: string }>
  >
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly patterns: readonly unknown[]
  readonly limits: readonly unknown[]
}

interface Prepared {
  readonly fixture: Fixture
  readonly options: { readonly sources: readonly string[]; readonly playbookDir?: string }
}

const generated = generatedFixtures(300)
const prepared = [...fixtures, ...generated].map(prepare)
const refusals = [...broken.map(({ text }) => text), ...Object.values(brokenWithoutLine)].map((text) =>
  prepare({ name: 'broken', files: { 'hosts.ini': text }, sources: ['hosts.ini'] }),
)
const answers = askAnsible(
  [...prepared, ...refusals].map(({ fixture, options }) => [
    'inventory',
    { ...options, patterns: fixture.patterns ?? [], limits: fixture.limits ?? [] },
  ]),
) as Answer[]

for (const [index, { fixture, options }] of prepared.slice(0, fixtures.length).entries())
  test(`like Ansible: ${fixture.name}`, async () => {
    const theirs = answers[index]
    assert.ok(theirs)
    assert.equal(theirs.failed, [])
    const inventory = await loadInventory(options)
    compare(inventory, fixture, theirs)
    assert.is(listJson(inventory), theirs.list)
    assert.is(listJson(inventory, { export: true }), theirs.export)
    if (theirs.graphVars !== null) assert.is(graph(inventory, { vars: true }), theirs.graphVars)
  })

test(`like Ansible: ${generated.length} generated inventories`, async () => {
  let refused = 0
  for (const [index, { fixture, options }] of prepared.entries()) {
    const theirs = answers[index]
    if (index < fixtures.length || theirs === undefined) continue
    const inventory = await loadInventory(options).catch((error: HostwrightError) => error)
    const told = `\n${Object.entries(fixture.files)
      .map(([path, text]) => `### ${path}\n${text}`)
      .join('\n')}`
    if (inventory instanceof Error) {
      assert.ok(theirs.failed.length > 0, `we refuse (${inventory.message}), Ansible reads:${told}`)
      refused += 1
      continue
    }
    assert.equal(theirs.failed, [], `we read, Ansible refuses:${told}`)
    try {
      compare(inventory, fixture, theirs)
    } catch (error) {
      if (error instanceof Error) error.message += told
      throw error
    }
  }
  assert.ok(
    refused < generated.length / 2,
    `${refused} of ${generated.length} were refused: the generator proves little`,
  )
})

for (const [index, { name, line }] of broken.entries())
  test(`refused like Ansible, at the same line: ${name}`, async () => {
    const theirs = answers[prepared.length + index]?.failed.join('\n') ?? ''
    assert.match(theirs, `hosts.ini:${line}: `)
    assert.is(firstError(await refusal(index)).place?.line, line)
  })

for (const [index, name] of Object.keys(brokenWithoutLine).entries())
  test(`refused like Ansible: ${name}`, async () => {
    const at = broken.length + index
    assert.ok((answers[prepared.length + at]?.failed.length ?? 0) > 0, 'Ansible accepts it')
    const error = firstError(await refusal(at))
    assert.type(error.place?.line, 'number', 'ours names the line')
  })

async function refusal(index: number): Promise<HostwrightError> {
  const options = refusals[index]?.options
  assert.ok(options)
  const result = await loadInventory(options).catch((error: HostwrightError) => error)
  assert.instance(result, Error, 'it was read')
  return result as HostwrightError
}

function firstError(error: HostwrightError): HostwrightError {
  return error instanceof InputErrors ? (error.errors[0] ?? error) : error
}

function prepare(fixture: Fixture): Prepared {
  const folder = writeFixture(fixture.files)
  const sources = fixture.sources.map((source) => (source.includes(',') ? source : join(folder, source)))
  const { playbookDir } = fixture
  return {
    fixture,
    options: { sources, ...(playbookDir === undefined ? {} : { playbookDir: join(folder, playbookDir) }) },
  }
}

function compare(inventory: ListedInventory, fixture: Fixture, theirs: Answer): void {
  same(JSON.parse(listJson(inventory)), JSON.parse(theirs.list), '--list')
  same(JSON.parse(listJson(inventory, { export: true })), JSON.parse(theirs.export), '--list --export')
  same(parse(listYaml(inventory), { version: '1.1' }), theirs.yaml, '--list --yaml')
  assert.is(graph(inventory), theirs.graph)
  assert.equal(inventory.hosts, theirs.order, 'the order of hosts')
  same(
    Object.fromEntries([...inventory.groups].map(([name, group]) => [name, group.allHosts])),
    theirs.groups,
    'groups',
  )
  const { hostvars } = (JSON.parse(theirs.list) as { _meta: { hostvars: Record<string, Value> } })._meta
  for (const host of inventory.hosts) {
    same(JSON.parse(hostJson(inventory, host)), hostvars[host] ?? {}, `--host ${host}`)
    const { group_names, inventory_hostname_short } = inventory.magic(host)
    assert.equal({ group_names, inventory_hostname_short }, theirs.magic[host])
  }
  for (const [i, pattern] of (fixture.patterns ?? []).entries())
    assert.equal(matched(inventory, pattern), theirs.patterns[i], `pattern ${pattern}`)
  for (const [i, limit] of (fixture.limits ?? []).entries())
    assert.equal(
      [...limitHosts(inventory, inventory.hosts, limit).hosts].sort(),
      [...(theirs.limits[i] as string[])].sort(),
      `limit ${limit}`,
    )
}

function matched(inventory: ListedInventory, pattern: string): unknown {
  try {
    const { hosts, unmatched } = inventory.match(pattern)
    // Ansible warns of the name without its index.
    return { hosts, unmatched: unmatched.map((name) => name.replace(/^([^~].*)\[[-0-9:]+\]$/, '$1')).sort() }
  } catch {
    return 'error'
  }
}

/** Compares as texts with sorted keys, so that a difference is readable. */
function same(ours: unknown, theirs: unknown, what: string): void {
  assert.is(toJson(ours as Value), toJson(theirs as Value), what)
}

test.run()
