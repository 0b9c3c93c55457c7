import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A face of the package: what a program imports, and the file of the checkout that it gets. */
export interface Face {
  /** `hostwright/kit` */
  readonly name: string
  /** `lib/kit/index.ts` */
  readonly file: string
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>
}

/** The faces that package.json exports. A pattern (`./playbooks/*`) stands for each file that fits it. */
export function faces(): readonly Face[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  return Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : filesFor(path, sourceOf(target.types)),
  )
}

function sourceOf(declarations: string): string {
  const file = /^\.\/dist\/(.*)\.d\.ts$/.exec(declarations)?.[1]
  if (file === undefined) throw new Error(`package.json exports ${declarations}, which is not built from a source`)
  return `${file}.ts`
}

function filesFor(path: string, file: string): readonly Face[] {
  const [before = '', after] = file.split('*')
  if (after === undefined) return [{ name: nameOf(path), file }]
  const folder = before.slice(0, before.lastIndexOf('/') + 1)
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => folder + name)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort()
    .map((name) => ({ name: nameOf(path.replace('*', name.slice(before.length, -after.length))), file: name }))
}

const nameOf = (path: string) => `hostwright${path.slice(1)}`
