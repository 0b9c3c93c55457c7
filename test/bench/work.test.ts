// needs: busybox python3
import { spawnSync } from 'node:child_process'
import ejs from 'ejs'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { keys, loop, loopKinds } from '../../bench/work/loop.ts'
import { mixed } from '../../bench/work/mixed.ts'
import { checkScript } from '../../bench/work/shell.ts'
import { ejsTemplate, typescriptPlaybook } from '../../bench/work/typescript.ts'
import { jinjaTemplate, yamlPlaybook } from '../../bench/work/yaml.ts'

interface YamlTask {
  readonly name: string
  readonly loop?: readonly string[]
  readonly [module: `ansible.builtin.${string}`]: Readonly<Record<string, unknown>>
}
const tasksOf = (yaml: string) => (parse(yaml) as readonly { readonly tasks: readonly YamlTask[] }[])[0]?.tasks ?? []

for (const work of [mixed(100), ...loopKinds.map((kind) => loop(kind, keys(100)))]) {
  test(`${work.name} is the same work in TypeScript and in YAML`, () => {
    const typescript = typescriptPlaybook(work, 'light')
    assert.equal(ts.transpileModule(typescript, { reportDiagnostics: true }).diagnostics, [])
    const named = [...typescript.matchAll(/\.task\("([^"]+)", \(\) => /g)].map(([, name]) => name)
    const tasks = tasksOf(yamlPlaybook(work, 'light'))
    assert.equal(
      named,
      tasks.map(({ name }) => name),
    )
    assert.equal(
      named,
      work.tasks.map(({ name }) => name),
    )
  })

  for (const shell of ['dash', 'bash', 'busybox sh'])
    test(`${work.name} is a script that ${shell} reads`, () => {
      const [program = '', ...args] = shell.split(' ')
      const { status, stderr } = spawnSync(program, [...args, '-n'], {
        input: checkScript(work).text,
        encoding: 'utf8',
      })
      assert.equal([status, stderr], [0, ''])
    })
}

test('a longer workload begins with the shorter one, so that hosts are prepared once', () => {
  assert.equal(mixed(300).tasks.slice(0, 100), mixed(100).tasks)
})

test('100 tasks use every module, and no task repeats another', () => {
  const { tasks } = mixed(100)
  assert.equal([...new Set(tasks.map(({ module }) => module))].sort(), [
    ...['copy', 'file', 'lineinfile', 'package', 'service', 'template', 'user'],
  ])
  const changing = tasks.filter(({ module }) => module !== 'package' && module !== 'service')
  assert.is(new Set(changing.map(({ params }) => JSON.stringify(params))).size, changing.length)
})

test('the items of a loop stand in the call of each language', () => {
  assert.match(typescriptPlaybook(loop('lines', keys(2)), 'light'), '`${item} = on`')
  const [task] = tasksOf(yamlPlaybook(loop('lines', keys(2)), 'light'))
  assert.equal(task?.loop, ['key0', 'key1'])
  assert.is(task?.['ansible.builtin.lineinfile']?.['line'], '{{ item }} = on')
})

test('a template means the same in both languages', () => {
  const vars = { inventory_hostname: 'h1', site: 's', admin: 'a', workers: '4' }
  for (const template of mixed(1).templates) {
    const jinja = jinjaTemplate(template).replace(/\{\{ (\w+) \}\}/g, (_, name: keyof typeof vars) => vars[name])
    assert.is(ejs.render(ejsTemplate(template), vars, { escape: String }), jinja)
  }
})

test.run()
