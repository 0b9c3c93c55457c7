/**
 * Makes the JavaScript of dist. All of the library is one script, whose files each run when something first asks for them (why: `lib/cli/playbooks/kept-code.ts`). What
 * playbooks import are modules that only pass on what the files of the script export. The playbooks that come with the library are files of their own. Packages stay outside.
 *
 *   node build.js [FOLDER]
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { sourcesMark } from './bin/start.js'

const root = fileURLToPath(new URL('.', import.meta.url))
const folder = resolve(process.argv[2] ?? 'dist')
const half = `${folder}.half`
// Taken before, so that what is edited meanwhile counts as newer.
const mark = sourcesMark()

const modules = readdirSync(join(root, 'modules')).filter((name) => name.endsWith('.ts'))
const index = 'modules/index'
const faceOfModule = (file) => `modules/${file.replace(/\.ts$/, '')}`
/** The files that playbooks may import. */
const faces = ['lib/index', 'lib/kit/index', 'lib/testing/index', ...modules.map(faceOfModule)]

rmSync(half, { recursive: true, force: true })
await bundle({
  entryPoints: ['lib/cli/playbooks/kept-code.ts', 'lib/cli/playbooks/library-hook.ts'],
  outdir: half,
  outbase: '.',
  format: 'esm',
})
write('library.cjs', await libraryScript(['lib/cli/index', 'lib/connection/kept/keeper', ...faces]))
write(
  'library.js',
  `import { loadLibrary } from './lib/cli/playbooks/kept-code.js'
export const library = loadLibrary(new URL('library.cjs', import.meta.url))\n`,
)
const exported = await exportsOf(faces)
for (const face of faces) write(`${face}.js`, face === index ? indexOf(exported) : faceOf(face, exported[face]))
// What the command line and programs take of the lab: ordinary modules, which the library knows nothing of.
await bundle({
  entryPoints: ['lab/index.ts', 'lab/lab-command.ts'],
  outdir: half,
  outbase: '.',
  format: 'esm',
  splitting: true,
  chunkNames: 'lab/[name]-[hash]',
})
write('sources', mark)
await buildPlaybooks()
rmSync(folder, { recursive: true, force: true })
renameSync(half, folder)

/** A function that gives what a file of the library exports; the first line is a comment that changes with what follows. */
async function libraryScript(names) {
  const files = names.map((name) => `${JSON.stringify(name)}: () => require('./${name}.ts')`)
  const contents = `const files = { ${files.join(', ')} }\nmodule.exports = (name) => files[name]()\n`
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: root },
    write: false,
    format: 'cjs',
    define: { 'import.meta.url': '__url' },
    supported: { 'dynamic-import': false },
    plugins: [{ name: 'import', setup: givenImport }],
  })
  const [{ text }] = outputFiles
  const run = 'return fn && (res = '
  const told = 'return fn && (__ran(__getOwnPropNames(fn)[0]), res = '
  if (text.split(run).length !== 2) throw new Error('esbuild runs the files of a bundle in another way than it did')
  const body = `((require, __import, __url, __ran) => {\nconst module = {}\n${text.replace(run, told)}\nreturn module.exports\n})\n`
  return `// ${createHash('sha256').update(body).digest('hex')}\n${body}`
}

/** A script cannot import: it is given what can. */
function givenImport(build) {
  const contents = 'export const importModule = __import'
  build.onLoad({ filter: /\/lib\/cli\/playbooks\/import-module\.ts$/ }, () => ({ contents }))
}

/** What each of these files exports. */
async function exportsOf(names) {
  const entryPoints = Object.fromEntries(names.map((name) => [name, `./${name}.ts`]))
  const { metafile } = await bundle({
    entryPoints,
    outdir: '.',
    write: false,
    format: 'esm',
    splitting: true,
    metafile: true,
  })
  return Object.fromEntries(names.map((name) => [name, metafile.outputs[`${name}.js`].exports]))
}

function faceOf(name, names) {
  const up = relative(dirname(name), 'library.js')
  const passed = names.map((word) => `export const ${word} = $.${word}\n`)
  return `import { library } from '${up}'\nconst $ = library('${name}')\n${passed.join('')}`
}

/** The modules by name, each from its own file, so that what a playbook has no use for can be left out of it. */
function indexOf(exported) {
  const lines = exported[index].map((word) => {
    const home = modules.map(faceOfModule).find((face) => face !== index && exported[face].includes(word))
    if (home === undefined) throw new Error(`${index}.ts exports ${word}, which no module does`)
    return `export { ${word} } from './${basename(home)}.js'\n`
  })
  return lines.join('')
}

/** Playbooks are no part of the script: each file stays one, so that a project loads only those it imports, and each knows its own folder, by which it finds its templates. */
async function buildPlaybooks() {
  const names = readdirSync(join(root, 'playbooks'), { recursive: true }).filter((name) => name.endsWith('.ts'))
  const asBuilt = ({ kind, path }) =>
    kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true }
  await bundle({
    entryPoints: names.map((name) => `playbooks/${name}`),
    outdir: half,
    outbase: '.',
    format: 'esm',
    plugins: [{ name: 'imports', setup: (build) => build.onResolve({ filter: /^\.{1,2}\// }, asBuilt) }],
  })
  for (const name of readdirSync(join(root, 'templates')).filter((name) => name.endsWith('.ejs')))
    cpSync(join(root, 'templates', name), join(half, 'templates', name))
}

function bundle(options) {
  return build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.10',
    packages: 'external',
    logLevel: 'warning',
    ...options,
  })
}

function write(name, text) {
  mkdirSync(dirname(join(half, name)), { recursive: true })
  writeFileSync(join(half, name), text)
}
