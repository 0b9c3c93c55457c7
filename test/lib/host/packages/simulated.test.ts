import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Effect, PendingEffect } from '../../../../lib/host/pending-effects.ts'
import { likelySource, packageEffect } from '../../../../lib/host/packages/effect.ts'
import type { PackageReader, PackageState } from '../../../../lib/host/packages/packages.ts'
import { simulatedPackages } from '../../../../lib/host/packages/simulated.ts'

const there: Readonly<Record<string, PackageState>> = {
  bash: { name: 'bash', version: '5', candidate: '6' },
  hello: { name: 'hello', candidate: '2.10' },
}
const real: PackageReader = {
  states: (specs) => Promise.resolve(specs.map((spec) => there[spec.split('=')[0] ?? ''] ?? { name: spec })),
  cacheTime: () => Promise.resolve(1000),
  names: () => Promise.resolve([]),
  removable: () => Promise.resolve(['leftover']),
}

function simulate(effects: PendingEffect[] = []) {
  const note = (effect: Effect) => effects.push({ ...effect, host: 'h', task: 't' })
  return { effects, packages: simulatedPackages(real, note, () => effects) }
}
const versions = async (of: PackageReader, names: readonly string[]) =>
  (await of.states(names)).map((state) => state.version)

test('what was installed is there afterwards, with the version the host would take', async () => {
  const { packages, effects } = simulate()
  await packages.install(['hello', 'bash', 'new=1.5', 'unheard'])
  assert.equal(await versions(packages, ['hello', 'bash', 'new=1.5', 'unheard']), ['2.10', '5', '1.5', 'unknown'])
  assert.equal(
    effects.map((effect) => effect.name),
    ['hello', 'bash', 'new=1.5', 'unheard'],
  )
})

test('an upgrade takes what is offered', async () => {
  const { packages } = simulate()
  await packages.install(['bash'], { upgrade: true })
  assert.equal(await versions(packages, ['bash']), ['6'])
})

test('what was removed is gone; only a purge takes the configuration', async () => {
  const { packages } = simulate()
  await packages.remove(['bash'])
  assert.equal(await packages.states(['bash']), [{ name: 'bash', residual: true, candidate: '6' }])
  await packages.remove(['bash'], { purge: true, autoremove: true })
  assert.equal(await packages.states(['bash']), [{ name: 'bash', candidate: '6' }])
  assert.equal(await packages.removable(), [])
})

test('a source that an earlier task would have added makes the index old', async () => {
  const { packages, effects } = simulate()
  assert.is(await packages.cacheTime(), 1000)
  effects.push({ kind: 'file', name: '/etc/apt/sources.list.d/pgdg.list', host: 'h', task: 't' })
  assert.is(await packages.cacheTime(), 0)
  await packages.updateCache()
  assert.ok((await packages.cacheTime()) > 1000)
})

test('a unit most likely comes from the package whose name it shares', () => {
  const pending = [packageEffect('postgresql-17', 101), packageEffect('haproxy', undefined)]
  assert.is(likelySource('postgresql@17-main', pending)?.servicesHeldBack, true)
  assert.is(likelySource('haproxy', pending)?.servicesHeldBack, false)
  assert.is(likelySource('sshd', pending)?.name, 'haproxy')
  assert.is(likelySource('sshd', [{ kind: 'package', name: 'removed' }]), undefined)
})

test.run()
