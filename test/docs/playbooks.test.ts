/** docs/playbooks.md lists the variables of the playbooks as their schemas have them. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as playbooks from '../../playbooks/index.ts'

const page = readFileSync(new URL('../../docs/playbooks.md', import.meta.url), 'utf8')

interface Described {
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly enum?: readonly string[]
  readonly secret?: true
}

const schemas = Object.entries(playbooks).flatMap(([name, value]) =>
  'properties' in value
    ? [
        {
          name,
          required: value.required ?? [],
          properties: Object.entries(value.properties as Readonly<Record<string, Described>>),
        },
      ]
    : [],
)

function typeOf({ type, enum: words, secret }: Described): string {
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(' or ')
  if (secret === true) return 'secret'
  return { array: 'list', object: 'mapping', string: 'text' }[type ?? ''] ?? type ?? 'any'
}

const rowOf = (name: string, schema: Described, required: boolean): string => {
  const value =
    schema.default === undefined
      ? required
        ? 'must be set'
        : 'none'
      : `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)}\``
  return `| \`${name}\` | ${typeOf(schema)} | ${value} | ${schema.description} |`
}

/** What the page says under a schema's name. */
const sectionOf = (name: string): string => (page.split(`\n### \`${name}\`\n`)[1] ?? '').split('\n#')[0] ?? ''
const rowsOf = (name: string): readonly string[] =>
  sectionOf(name)
    .split('\n')
    .filter((line) => line.startsWith('| `'))

test('every variable has a description', () => {
  assert.ok(schemas.length >= 5)
  const bare = schemas.flatMap(({ name, properties }) =>
    properties.flatMap(([variable, { description }]) => (description === undefined ? [`${name}.${variable}`] : [])),
  )
  assert.equal(bare, [])
})

for (const { name, properties, required } of schemas)
  test(`the page has each variable of ${name}, with its type, default and meaning`, () => {
    const [, other = ''] = /^Those of `(\w+)`, and$/m.exec(sectionOf(name)) ?? []
    const known = new Set(schemas.find((one) => one.name === other)?.properties.map(([variable]) => variable))
    assert.equal(
      rowsOf(name),
      properties.flatMap(([variable, schema]) =>
        known.has(variable) ? [] : [rowOf(variable, schema, required.includes(variable))],
      ),
    )
  })

test('the page names every playbook and every role', () => {
  const names = [...Object.keys(playbooks), ...Object.keys(playbooks.roles)].filter((name) => name !== 'roles')
  assert.equal(
    names.filter((name) => !page.includes(`\`${name}\``)),
    [],
  )
})

test.run()
