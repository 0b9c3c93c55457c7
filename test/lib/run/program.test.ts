/** Programs of a user's own, each a process in a folder of its own, as somebody outside of the project writes them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../../support/run.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-programs-'))
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

/** A program in TypeScript, whose `hostwright` is this checkout. */
async function program(name: string, text: string) {
  write(
    name,
    text
      .replaceAll("'hostwright'", `'${root}lib/index.ts'`)
      .replaceAll("'hostwright/modules'", `'${root}modules/index.ts'`),
  )
  const { status, stdout, text: all } = await run(folder, 'node', ['--import', 'tsx', name])
  return { status, stdout, all }
}

write('package.json', '{ "type": "module" }')
write('playbooks/templates/page.ejs', 'port <%= port %>\n')
write('playbooks/group_vars/web.yml', 'port: 80\n')
write(
  'playbooks/site.ts',
  `import { play, playbook, schema, Type } from '${root}lib/index.ts'
import { debug, template } from '${root}modules/index.ts'
export default playbook('site', [
  play('Web', { hosts: 'web', vars: schema({ port: Type.Integer() }) })
    .task('Page', ({ host }) => template({ src: 'page.ejs', dest: \`${folder}/\${host}\` })),
  play('All', { hosts: 'all' }).task('Say', ({ host }) => debug({ msg: 'hello ' + host })),
])
`,
)

test('a playbook from a file: limit, a reporter, a source, a connection and a signal, all of the program’s own', async () => {
  const { status, stdout, all } = await program(
    'deploy.ts',
    `import { commandTransport, loadPlaybook, run, type ConnectionKind, type InventorySource, type Report } from 'hostwright'

const cloud: InventorySource = {
  name: 'cloud',
  load: async () => ({ web: { hosts: Object.fromEntries(['web1', 'web2', 'web3'].map((name) => [name, { zone: 'a' }])) } }),
}
const box: ConnectionKind = {
  check: ({ vars }) => {
    if (vars['zone'] !== 'a') throw new Error('there is no such zone')
  },
  open: ({ host }) => commandTransport(host, ['sh']),
}
const lines: string[] = []
const report: Report = (event) => {
  if (event.type === 'result') lines.push(\`\${event.status} \${event.host} \${event.task}\`)
}
const stop = new AbortController()
const outcome = await run(await loadPlaybook('playbooks/site.ts'), {
  inventory: [cloud, { db: { hosts: { db1: { zone: 'a' } } } }],
  connection: 'box',
  connections: { box },
  limit: 'all:!web3',
  report,
  signal: stop.signal,
})
console.log(JSON.stringify({ ok: outcome.ok, changed: outcome.counts['web1']?.changed, lines }))
`,
  )
  assert.is(status, 0, all)
  assert.equal(JSON.parse(stdout), {
    ok: true,
    changed: 1,
    lines: ['changed web1 Page', 'changed web2 Page', 'ok web1 Say', 'ok web2 Say', 'ok db1 Say'],
  })
})

test('what a connection’s check finds is told with the host, before anything is touched', async () => {
  const { stdout, all } = await program(
    'refused.ts',
    `import { commandTransport, InputErrors, loadPlaybook, run } from 'hostwright'
const box = {
  check: () => { throw new Error('there is no such zone') },
  open: () => { throw new Error('it was opened') },
}
try {
  await run(await loadPlaybook('playbooks/site.ts'), { inventory: { web: { hosts: { web9: null } } }, connection: 'box', connections: { box } })
} catch (error) {
  if (error instanceof InputErrors) console.log(error.errors.map(({ message, host }) => \`\${host}: \${message}\`).join())
}
`,
  )
  assert.is(stdout, 'web9: there is no such zone\n', all)
})

/** The files that importing one of ours loads at once: what is imported for its types, or later, is left out. */
function loadedBy(entry: string): readonly string[] {
  const found = new Set([entry])
  for (const file of found)
    for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(
      /^(?:import|export) (?!type\b)(?:[^'\n]|\n(?!import|export))*? from '(\.[^']+)'/gm,
    ))
      found.add(join(dirname(file), path))
  return [...found]
}

test('importing hostwright loads neither the engine nor connections, inventories and reports', () => {
  const rooms = /^lib\/(engine|connection|inventory|report|cli|run)\//
  assert.equal(
    loadedBy('lib/index.ts')
      .filter((file) => rooms.test(file))
      .sort(),
    [
      'lib/cli/load-playbook.ts',
      'lib/cli/main.ts',
      'lib/connection/connection-kind.ts',
      'lib/inventory/create.ts',
      'lib/run/index.ts',
    ],
  )
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
