import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Loads one of our own files: from dist, or from the sources of a checkout that has been changed since dist was built. */
export async function load(path) {
  if (isBuilt()) {
    if (path.startsWith('lab/')) return import(`../dist/${path}.js`)
    const { library } = await import('../dist/library.js')
    return library(path)
  }
  const { register } = await import('tsx/esm/api')
  register()
  return import(new URL(`../${path}.ts`, import.meta.url).href)
}

function isBuilt() {
  if (!existsSync(`${root}lib/index.ts`)) return true
  const mark = `${root}dist/sources`
  return existsSync(mark) && readFileSync(mark, 'utf8') === sourcesMark()
}

/** A mark that changes when a source does: how many sources there are, their length, and when the last was written. */
export function sourcesMark() {
  let [count, bytes, newest] = [0, 0, 0]
  for (const file of [
    `${root}build.js`,
    ...filesBelow(`${root}lib`),
    ...filesBelow(`${root}modules`),
    ...filesBelow(`${root}lab`),
  ]) {
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
