import fc from 'fast-check'
import type { Fixture } from './fixtures.ts'

const seed = 77
const groups = ['web', 'db', 'prod', 'eu', 'all', 'ungrouped', 'Z']
const hosts = ['h1', 'h2', 'web1', 'a.b.lab', 'n[1:3]', 'x[a:b]', 'h3:2222', 'localhost', '10.0.0.1']
const names = ['a', 'b', 'c', 'port', 'ansible_user', 'ansible_group_priority']
const values = [
  ...[
    '1',
    '-5',
    '1.5',
    'True',
    'yes',
    'None',
    'text',
    "'q'",
    '"two words"',
    "['x', 1]",
    '{"k": {"l": 2}}',
    '(1, 2)',
    '',
    '0644',
  ],
  ...['a#b', 'x # c', '7 # c', 'a\\ b', '"5"', 'ü', "it's", '{{ b }}', '[1', '0x10', "'a' 'b'", '1,2', '"\\\\"'],
]
const patterns = [
  ...[
    'all',
    'web',
    'h1',
    'web:db',
    'web:&prod',
    'all:!db',
    '*',
    'h*',
    'web[0]',
    'prod[1:2]',
    '~h[12]',
    '!web',
    'nothing,h1',
    'localhost',
    'Z:eu',
  ],
]

const priority = fc.integer({ min: -2, max: 12 }).map(String)
const assignment = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...values), priority)
  .map(([name, value, number]) => `${name}=${name === 'ansible_group_priority' ? number : value}`)
// On a host line a value with blanks needs quotes; now and then it has none, and the file is broken.
const hostAssignment = fc.tuple(assignment, fc.nat(60)).map(([text, dice]) => {
  const [name = '', value = ''] = text.split(/=(.*)/s)
  if (dice === 0) return text
  return /^[^\s'"]*$|^(['"]).*\1$/.test(value) && !/\s'/.test(value)
    ? text
    : `${name}='${value.replaceAll("'", `'"'"'`)}'`
})
const hostLine = fc
  .tuple(fc.constantFrom(...hosts), fc.array(hostAssignment, { maxLength: 2 }))
  .map(([host, variables]) => [host, ...variables].join(' '))
const group = fc.constantFrom(...groups)
const section = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(group, fc.array(hostLine, { maxLength: 4 })).map(([name, lines]) => [`[${name}]`, ...lines]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(group, fc.array(assignment, { maxLength: 3 }))
      .map(([name, lines]) => [`[${name}:vars]`, ...lines]),
  },
  {
    weight: 2,
    // Children only of groups that come earlier in the list, so that few inventories are loops.
    arbitrary: fc
      .tuple(fc.nat(groups.length - 4), fc.array(fc.nat(2), { maxLength: 2 }))
      .map(([at, children]) => [
        `[${groups[at]}:children]`,
        ...children.map((step) => groups[Math.min(at + step + 1, 3)] ?? 'eu'),
      ]),
  },
)
const declared = groups.filter((name) => name !== 'all' && name !== 'ungrouped').map((name) => `[${name}]`)
const ini = fc.tuple(fc.array(hostLine, { maxLength: 2 }), fc.array(section, { maxLength: 8 }), fc.nat(5)).map(
  // Most inventories declare every group at the end, because one undeclared group refuses the whole file.
  ([loose, sections, declares]) => `${[...loose, ...sections.flat(), ...(declares > 0 ? declared : [])].join('\n')}\n`,
)

const yamlValue = fc.constantFrom('1', 'yes', '"x"', '[1, a]', '{k: v}', '0755', '~', '1.25', "'{{ a }}'")
const varsFile = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), yamlValue), { maxLength: 3 }).map((entries) =>
  // Equal keys would only bring warnings.
  [...new Map(entries)].map(([name, value]) => `${name}: ${value}\n`).join(''),
)
const varsFiles = fc
  .array(
    fc.tuple(
      fc.constantFrom('inv', 'book'),
      fc.constantFrom(
        'group_vars/web',
        'group_vars/all',
        'group_vars/prod',
        'host_vars/h1',
        'host_vars/web1',
        'host_vars/localhost',
      ),
      fc.constantFrom('', '.yml', '.yaml', '.json', '/main.yml'),
      varsFile,
    ),
    { maxLength: 5 },
  )
  // One file a name: a file and a folder cannot both have it.
  .map((files) => [...new Map(files.map((file) => [`${file[0]}/${file[1]}`, file])).values()])
  .map((files) => files.map(([beside, name, ending, text]): [string, string] => [`${beside}/${name}${ending}`, text]))

/** Random inventories, the same ones every time. */
export function generatedFixtures(count: number): readonly Fixture[] {
  const fixture = fc.tuple(ini, fc.option(ini), varsFiles).map(([first, second, files]): Fixture => {
    const more: Record<string, string> = second === null ? {} : { 'inv/two.ini': second }
    return {
      name: 'generated',
      files: { 'inv/one.ini': first, ...more, 'book/x': '', ...Object.fromEntries(files) },
      sources: ['inv/one.ini', ...(second === null ? [] : ['inv/two.ini'])],
      playbookDir: 'book',
      patterns,
    }
  })
  return fc.sample(fixture, { numRuns: count, seed })
}
