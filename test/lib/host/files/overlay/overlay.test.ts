import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { FileStat, FileWriter } from '../../../../../lib/host/files/files.ts'
import { simulatedFiles } from '../../../../../lib/host/files/overlay/overlay.ts'
import type { Effect } from '../../../../../lib/host/pending-effects.ts'
import { Unreadable } from '../../../../../lib/host/unreadable.ts'
import { withFiles } from '../hosts-here.ts'

/** The same small world in each folder: files, a folder, links to both and one that leads nowhere. */
function furnish(folder: string): void {
  mkdirSync(join(folder, 'd/e'), { recursive: true })
  writeFileSync(join(folder, 'd/x'), 'x', { mode: 0o640 })
  writeFileSync(join(folder, 'f'), 'f')
  symlinkSync('d', join(folder, 'l'))
  symlinkSync('d/x', join(folder, 'm'))
  symlinkSync('n', join(folder, 'nowhere'))
}

async function simulated(
  use: (simulation: FileWriter, real: FileWriter, folder: string, notes: readonly Effect[]) => Promise<void>,
): Promise<void> {
  await withFiles('gnu', async (real, folder) => {
    furnish(folder)
    const before = await snapshot(real, folder)
    const notes: Effect[] = []
    await use(
      simulatedFiles(real, (effect) => notes.push(effect)),
      real,
      folder,
      notes,
    )
    assert.equal(await snapshot(real, folder), before, 'the real host is as it was')
  })
}

async function snapshot(files: FileWriter, folder: string): Promise<unknown> {
  const tree = (await files.tree(folder)) ?? []
  return Promise.all(
    tree.map(async ({ path, type, mode, target }) => {
      const seen = await files.stat(path)
      return {
        path: path.slice(folder.length),
        type,
        mode: type === 'link' ? undefined : mode,
        target,
        content: type === 'file' ? (await files.read(path))?.toString() : undefined,
        sha256: type === 'file' ? await files.sha256(path) : undefined,
        list: type === 'directory' ? await files.list(path) : undefined,
        again: [seen?.type, seen?.size === undefined || type === 'directory' ? undefined : seen.size],
      }
    }),
  )
}

test('what is written is seen by every kind of read', () =>
  simulated(async (files, _real, folder, notes) => {
    const path = join(folder, 'd/new')
    await files.write(path, Buffer.from('content'), { owner: 'not-there-yet', group: '777', mode: '0600' })
    const stat = await files.stat(path)
    assert.equal(
      [stat?.owner, stat?.group, stat?.gid, stat?.mode, stat?.size, stat?.mtime],
      ['not-there-yet', '777', 777, 0o600, 7, Infinity],
    )
    assert.is((await files.read(path))?.toString(), 'content')
    assert.is(await files.sha256(path), 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73')
    assert.equal(await files.list(join(folder, 'd')), ['e', 'new', 'x'])
    assert.ok((await files.tree(folder))?.some((entry: FileStat) => entry.path === path))
    assert.equal(notes, [{ kind: 'file', name: path }])
  }))

test('a file written through one link is found through another', () =>
  simulated(async (files, _real, folder) => {
    await files.link(join(folder, 'k'), 'l', 'symbolic')
    await files.write(join(folder, 'l/new'), Buffer.from('1'))
    assert.is((await files.read(join(folder, 'd/new')))?.toString(), '1')
    assert.is((await files.read(join(folder, 'k/new')))?.toString(), '1')
    await files.write(join(folder, 'm'), Buffer.from('2'))
    assert.is((await files.read(join(folder, 'd/x')))?.toString(), '2')
    assert.is((await files.stat(join(folder, 'm')))?.target, 'd/x')
  }))

test('a folder that a package will bring need not be there yet', () =>
  simulated(async (files, _real, folder) => {
    const path = join(folder, 'etc/postgresql/conf.d/x.conf')
    await files.write(path, Buffer.from('x'))
    assert.is((await files.read(path))?.toString(), 'x')
    assert.equal(await files.list(join(folder, 'etc/postgresql')), ['conf.d'])
    assert.is((await files.stat(join(folder, 'etc')))?.type, 'directory')
    await files.remove(join(folder, 'etc'))
    assert.is(await files.read(path), undefined)
    assert.is(await files.stat(join(folder, 'etc')), undefined)
  }))

test('what is removed hides what was below it, also when it is made again', () =>
  simulated(async (files, _real, folder) => {
    await files.remove(join(folder, 'd'))
    assert.equal(
      [
        await files.stat(join(folder, 'd/x')),
        await files.read(join(folder, 'l/x')),
        await files.list(join(folder, 'd')),
      ],
      [undefined, undefined, undefined],
    )
    await files.makeDirectory(join(folder, 'd/q'), { mode: '0700' })
    assert.equal(await files.list(join(folder, 'd')), ['q'])
    assert.is((await files.stat(join(folder, 'd')))?.mode, 0o700)
  }))

test('a link into a missing folder is told as the missing folder that it is', () =>
  simulated(async (_files, real, folder) => {
    symlinkSync('gone/x', join(folder, 'k'))
    assert.is(await outcomeOf(real.write(join(folder, 'k'), Buffer.from('1'))), 'missing')
    assert.is(await outcomeOf(real.copy(join(folder, 'k'), join(folder, 'f'))), 'missing')
    unlinkSync(join(folder, 'k'))
  }))

test('an upload and a copy are read from where they still are', () =>
  simulated(async (files, real, folder) => {
    await files.upload(join(folder, 'up'), join(folder, 'd/x'))
    await files.copy(join(folder, 'copied'), join(folder, 'up'))
    assert.is(await files.sha256(join(folder, 'copied')), await real.sha256(join(folder, 'd/x')))
    assert.is((await files.read(join(folder, 'copied')))?.toString(), 'x')
    try {
      await files.copy(join(folder, 'y'), join(folder, 'none'))
      assert.unreachable()
    } catch (error) {
      assert.instance(error, Unreadable)
    }
  }))

const names = ['f', 'd', 'd/x', 'd/e', 'd/e/g', 'd/n', 'l', 'l/x', 'l/n', 'm', 'nowhere', 'n', 'n/o']
const place = fc.constantFrom(...names)
type Operation = (files: FileWriter, folder: string) => Promise<unknown>
const modes = fc.constantFrom('0600', 'u=rwX,go=rX', 'a+x', 'g=u,o-r')
const named = (shown: string, run: Operation) => ({ shown, run, toString: () => shown })
const operation = fc.oneof(
  fc
    .tuple(place, fc.constantFrom('1', '22'), fc.option(modes, { nil: undefined }))
    .map(([at, content, mode]) =>
      named(`write ${at} ${mode ?? ''}`, (files, folder) =>
        files.write(join(folder, at), Buffer.from(content), { mode }),
      ),
    ),
  place.map((at) => named(`mkdir ${at}`, (files, folder) => files.makeDirectory(join(folder, at), { mode: 'g+w' }))),
  place.map((at) => named(`remove ${at}`, (files, folder) => files.remove(join(folder, at)))),
  place.map((at) => named(`touch ${at}`, (files, folder) => files.touch(join(folder, at)))),
  fc
    .tuple(place, modes, fc.boolean())
    .map(([at, mode, recurse]) =>
      named(`chmod ${mode} ${at} ${recurse}`, (files, folder) =>
        files.setAttributes(join(folder, at), { mode }, { recurse }),
      ),
    ),
  fc
    .tuple(place, fc.constantFrom('d', 'd/x', 'n', '../d', 'l'))
    .map(([at, to]) => named(`link ${at} -> ${to}`, (files, folder) => files.link(join(folder, at), to, 'symbolic'))),
  fc
    .tuple(place, place)
    .map(([at, from]) =>
      named(`copy ${from} to ${at}`, (files, folder) => files.copy(join(folder, at), join(folder, from))),
    ),
)

test('a simulated host is, after any operations, what the real one would be', async () => {
  await withFiles('gnu', async (real, folder) => {
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 8 }), async (operations) => {
        const [before, done] = [join(folder, `${round}a`), join(folder, `${round++}b`)]
        for (const world of [before, done]) {
          mkdirSync(world)
          furnish(world)
        }
        const simulation = simulatedFiles(real, () => undefined)
        for (const { shown, run } of operations) {
          const outcome = await outcomeOf(run(real, done))
          // A missing folder is no error in a simulation: see above.
          if (outcome === 'missing') continue
          assert.is((await outcomeOf(run(simulation, before))) === 'done', outcome === 'done', shown)
        }
        assert.equal(await snapshot(simulation, before), await snapshot(real, done))
      }),
      { numRuns: 40, includeErrorInReport: true },
    )
  })
})

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    return error instanceof Unreadable ? 'missing' : 'refused'
  }
}

test.run()
