// slow: builds the package, installs it and compiles projects with it
/** What the package's types are worth to a project: its own modules and roles keep theirs, and an editor shows what parameters mean. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as modules from '../../modules/index.ts'
import { editorOf, parameterComments } from './editor.ts'
import { own, user } from './own-code.ts'
import { newProject, pack } from './project.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-types-'))
const tarball = await pack(folder)
const project = await newProject(tarball)
const compilerOptions = { strict: true, module: 'NodeNext', target: 'ES2023', types: ['node'] }
const config = (include: string, more: object) =>
  JSON.stringify({ compilerOptions: { ...compilerOptions, ...more }, include: [include] })

project.write('own.ts', own)
project.write(
  'tsconfig.own.json',
  config('own.ts', { declaration: true, emitDeclarationOnly: true, isolatedModules: true, outDir: 'out' }),
)
project.write('tsconfig.user.json', config('user.ts', { noEmit: true }))

test('the declarations of modules, roles, plays and connections of one’s own can be made', async () => {
  const { status, text } = await project.run('npx', ['tsc', '-p', 'tsconfig.own.json'])
  assert.is(status, 0, text)
})

test('whoever imports them has all their types', async () => {
  project.write('user.ts', user)
  const { status, text } = await project.run('npx', ['tsc', '-p', 'tsconfig.user.json'])
  assert.is(status, 0, text)
})

const slips: readonly (readonly [what: string, slip: string, says: string])[] = [
  [
    'a value that is none of the choices',
    `greet({ who: 'you', tone: 'hot' })`,
    `Type '"hot"' is not assignable to type`,
  ],
  ['a misspelt parameter', `greet({ who: 'you', login_prot: 5433 })`, `'login_prot' does not exist in type`],
  [
    'a variable that the role needs',
    `play('A', { hosts: 'all' }).task('Ask', ask, { register: 'version' }).use(webServer)`,
    'the play has no variable port of the type that this role needs',
  ],
  [
    'a result that the role reads',
    `play('A', { hosts: 'all', vars }).use(webServer)`,
    'the play has no registered result version as this role reads it',
  ],
  ['a handler that the play does not have', `web.task('Ask', ask, { notify: 'reload ngnix' })`, '"reload ngnix"'],
]

test('a slip is one error, of one line, which names what is wrong', async () => {
  for (const [index, [, slip]] of slips.entries())
    project.write(
      `slip${index}.ts`,
      `import { play } from 'hostwright'
import { pg_query } from 'hostwright/modules'
import { greet, vars, web, webServer } from './out/own.js'
const ask = () => pg_query({ query: 'SELECT 1' })
void [play, greet, vars, web, webServer, ask]
${slip}
`,
    )
  project.write('tsconfig.slips.json', config('slip*.ts', { noEmit: true }))
  const { text } = await project.run('npx', ['tsc', '-p', 'tsconfig.slips.json', '--pretty', 'false'])
  const lines = text.trimEnd().split('\n')
  assert.is(lines.length, slips.length, text)
  for (const [index, [what, , says]] of slips.entries()) {
    const line = lines.find((one) => one.startsWith(`slip${index}.ts(6,`)) ?? ''
    assert.ok(line.includes(says), `${what}: ${line}`)
  }
})

const editor = editorOf(project.dir, ['hover.ts', 'user.ts'])
project.write(
  'hover.ts',
  `import { bind_zone, copy, lineinfile, pg_user } from 'hostwright/modules'
copy({ dest: '/etc/motd', content: 'Welcome', mode: '0644' })
pg_user({ name: 'app', password: 'x' })
bind_zone({ name: 'a', path: '/a', name_server: 'ns', records: [{ name: 'ns', type: 'A', value: '10.0.0.1' }] })
lineinfile({ path: '/etc/hosts', i })
`,
)

const hovers: readonly (readonly [place: string, says: RegExp])[] = [
  ["dest: '/etc", /dest: string[^]*Where it is to be on the host/],
  ["password: 'x'", /password\?:[^]*assword/],
  ["type: 'A'", /type: [^]*The type of the record\.[^]*One of `A`/],
]
for (const [place, says] of hovers)
  test(`hovering over ${place} shows what the parameter means`, () => {
    assert.match(editor.hover('hover.ts', place), says)
  })

test('a parameter of a module of one’s own shows the comment that is written above it', () => {
  assert.match(editor.hover('user.ts', 'who: results'), 'Who is greeted.')
})

test('a proposed parameter comes with what it means, and with its default', () => {
  const proposed = editor.proposed('hover.ts', "'/etc/hosts', i")
  assert.match(proposed.get('insertafter')?.() ?? '', 'where a new line goes')
  assert.match(proposed.get('state')?.() ?? '', /One of `present`, `absent`\.[^]*"present"/)
})

test('every parameter of every module has its description where an editor looks', () => {
  const path = join(project.dir, 'node_modules/hostwright/dist/modules/index.d.ts')
  const comments = parameterComments(editor.program(), path)
  const missing = Object.entries(modules).flatMap(([name, { definition }]) =>
    Object.entries(definition.params).flatMap(([param, schema]) => {
      const { description } = schema as { readonly description?: string }
      const comment = comments.get(name)?.get(param)
      return description !== undefined && comment?.startsWith(description.replaceAll('*/', '*\\/'))
        ? []
        : [`${name}.${param}: ${comment}`]
    }),
  )
  assert.equal(missing, [])
})

/** The package has no CommonJS, and needs a Node that reads `exports`. */
const unsupported = ['node10', 'node16-cjs']

test('every way to resolve types finds those that belong to the code', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
  assert.ok(analysis.types !== false)
  assert.equal(
    analysis.problems.filter((one) => !('resolutionKind' in one) || !unsupported.includes(one.resolutionKind)),
    [],
  )
})

test('package.json says what npm, Node and bundlers need', async () => {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball)
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
  })
  assert.equal(
    messages.map((message) => formatMessage(message, pkg ?? {})),
    [],
  )
})

test.after(() => {
  project.close()
  rmSync(folder, { recursive: true, force: true })
})
test.run()
