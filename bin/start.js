import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const { enableCompileCache } = module
const root = fileURLToPath(new URL('..', import.meta.url))

/** Loads one of our own files: from dist, or from the sources of a checkout that has been changed since dist was built. */
export async function load(path) {
  if (isBuilt()) {
    await keepCode()
    return built(path)
  }
  const { register } = await import('tsx/esm/api')
  register()
  return import(new URL(`../${path}.ts`, import.meta.url).href)
}

function built(path) {
  return import(new URL(`../dist/${path}.js`, import.meta.url).href)
}

/** From Node 22.1 on: what V8 has made of our code and the libraries' is kept for the next start. */
async function keepCode() {
  if (enableCompileCache === undefined) return
  const { cacheFolder } = await built('lib/cli/cache-folder')
  enableCompileCache(`${cacheFolder(process.env)}/code`)
}

function isBuilt() {
  if (!existsSync(`${root}lib/index.ts`)) return true
  const mark = `${root}dist/sources`
  return existsSync(mark) && readFileSync(mark, 'utf8') === sourcesMark()
}

/** What changes when a source does: how many there are, their length, and when the last was written. */
export function sourcesMark() {
  let [count, bytes, newest] = [0, 0, 0]
  for (const file of [`${root}build.js`, ...filesBelow(`${root}lib`), ...filesBelow(`${root}modules`)]) {
    const { size, mtimeMs } = statSync(file)
    count += 1
    bytes += size
    newest = Math.max(newest, mtimeMs)
  }
  return `${count} files, ${bytes} bytes, ${newest}\n`
}

/** With `recursive` of Node 20 this would take four times as long. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  )
}
