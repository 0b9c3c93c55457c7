import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'

/** Something in a folder, by its path from there. */
export type Leaf =
  | { readonly type: 'directory' }
  | { readonly type: 'file'; readonly content: Buffer; readonly mode: number }
  | { readonly type: 'link'; readonly target: string }
export type Tree = Readonly<Record<string, Leaf>>

/** Everything that a name may hold and a shell, a list or an archive might take for something else. */
const name = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '-', 'é', '"', "'", '$', '*', '.', '\\', '\t', '漢', '~', '#'),
      minLength: 1,
      maxLength: 6,
    }),
    fc.constantFrom('-', '--', '-rf', '.hidden', 'x'.repeat(180), '[a]', '!', '(', '%s', 'a b'),
  )
  .filter((text) => !['.', '..'].includes(text))
const content = fc.oneof(
  fc.constantFrom(0, 1, 511, 512, 513, 70_000).map((size) => Buffer.alloc(size, 'x')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('text\n', 'no newline').map((text) => Buffer.from(text)),
)
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('file' as const),
      content,
      mode: fc.constantFrom(0o644, 0o755, 0o600, 0o400, 0o4755),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'directory' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('link' as const),
      target: fc.constantFrom('nowhere', '../up', '/etc/hosts', 'odd\nname', '-x'),
    }),
  },
)

/** A tree in which nothing is below a file. */
export const trees: fc.Arbitrary<Tree> = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), leaf), { maxLength: 25 })
  .map((leaves) => {
    const tree: Record<string, Leaf> = {}
    for (const [names, what] of leaves) {
      const folders = names.map((_, i) => names.slice(0, i).join('/')).slice(1)
      const path = names.join('/')
      if (path in tree || folders.some((folder) => (tree[folder]?.type ?? 'directory') !== 'directory')) continue
      for (const folder of folders) tree[folder] = { type: 'directory' }
      tree[path] = what
    }
    return tree
  })

export function plant(root: string, tree: Tree): void {
  mkdirSync(root)
  for (const [path, what] of Object.entries(tree)) {
    const at = join(root, path)
    mkdirSync(dirname(at), { recursive: true })
    if (what.type === 'directory') mkdirSync(at, { recursive: true })
    else if (what.type === 'link') symlinkSync(what.target, at)
    else {
      writeFileSync(at, what.content)
      chmodSync(at, what.mode)
    }
  }
}

/** What is in a folder now. */
export function harvest(root: string, path = ''): Tree {
  return Object.fromEntries(
    readdirSync(join(root, path)).flatMap((entry): [string, Leaf][] => {
      const [below, at] = [path === '' ? entry : `${path}/${entry}`, join(root, path, entry)]
      const stat = lstatSync(at)
      if (stat.isSymbolicLink()) return [[below, { type: 'link', target: readlinkSync(at) }]]
      if (stat.isDirectory()) return [[below, { type: 'directory' }], ...Object.entries(harvest(root, below))]
      return [[below, { type: 'file', content: readFileSync(at), mode: stat.mode & 0o7777 }]]
    }),
  )
}
