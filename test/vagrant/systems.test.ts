/** `vagrant up` in a fresh clone, with real machines. Whoever types it must end with a system that was verified, or be told why not. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { recaps, type Recap } from './recaps.ts'
import { freshClone, openWorld, type World } from './world.ts'

const test = suite('vagrant up')
let world: World
let clone: string

test.before(async () => {
  world = await openWorld('systems')
  clone = await freshClone(world.folder)
})
test.after(() => (world as World | undefined)?.close())

const hostsOf = (recap: Recap | undefined) => Object.keys(recap ?? {}).sort()
const changes = (recap: Recap | undefined) =>
  Object.values(recap ?? {}).reduce((sum, { changed, failed }) => sum + changed + failed, 0)

const verdicts = {
  replication: /restored backup \S+: \d+ rows, the same as on the primary/,
  patroni: /a client behind HAProxy wrote before, during and after a switchover and back/,
} as const
const machines = {
  replication: ['backup1', 'pg1', 'pg2'],
  patroni: ['ns', 'pg01', 'pg02', 'pg03'],
} as const
/** How somebody meddles with a machine, the task that mends it, and what its diff shows. */
const drifts = {
  replication: [
    'pg2',
    'echo "host all all 192.0.2.0/24 trust" | sudo tee -a /etc/postgresql/15/main/pg_hba.conf',
    /-host all all 192\.0\.2\.0\/24 trust/,
  ],
  patroni: ['ns', 'echo "# mine" | sudo tee -a /etc/chrony/chrony.conf', /-# mine/],
} as const

for (const system of ['replication', 'patroni'] as const) {
  const vagrant = (...args: string[]) => world.vagrant(clone, args, { SYSTEM: system })

  test(`${system}: up ends verified`, async () => {
    const { status, text, seconds } = await vagrant('up')
    assert.is(status, 0, text)
    const [playbook, verify, ...more] = recaps(text)
    assert.equal(hostsOf(playbook), machines[system], text)
    assert.equal(hostsOf(verify), machines[system])
    assert.equal(more, [], 'each ran once for all machines')
    assert.match(text, verdicts[system])
    console.log(`${system}: vagrant up took ${seconds.toFixed(0)} s`)
  })

  test(`${system}: provision again changes nothing`, async () => {
    const { status, text } = await vagrant('provision')
    assert.is(status, 0, text)
    const [playbook, verify] = recaps(text)
    assert.equal(hostsOf(playbook), machines[system], text)
    assert.is(changes(playbook), 0, text)
    assert.equal(hostsOf(verify), machines[system], text)
  })

  test(`${system}: a check shows what would be mended, and mends nothing`, async () => {
    const [machine, meddle, diff] = drifts[system]
    const meddled = await vagrant('ssh', machine, '-c', meddle)
    assert.is(meddled.status, 0, meddled.text)
    for (const _ of ['first', 'again']) {
      const { status, text } = await vagrant('provision', '--provision-with', 'check')
      assert.is(status, 0, text)
      const all = recaps(text)
      assert.is(all.length, 1, text)
      assert.ok((all[0]?.[machine]?.changed ?? 0) > 0, text)
      assert.match(text, diff)
    }
    const mended = await vagrant('provision', '--provision-with', 'playbook')
    assert.ok((recaps(mended.text)[0]?.[machine]?.changed ?? 0) > 0, mended.text)
  })

  test(`${system}: halt and up ends verified`, async () => {
    const halted = await vagrant('halt')
    assert.is(halted.status, 0, halted.text)
    const { status, text } = await vagrant('up')
    assert.is(status, 0, text)
    assert.is(recaps(text).length, 2, text)
    assert.match(text, verdicts[system])
  })

  test(`${system}: destroy leaves nothing`, async () => {
    const { status, text } = await vagrant('destroy', '-f')
    assert.is(status, 0, text)
    assert.is((await world.inside(clone, ['lxc-ls'])).stdout.trim(), '')
    assert.is((await world.inside(clone, ['sh', '-c', 'ls /sys/class/net/br0/brif'])).stdout.trim(), '')
  })
}

test.run()
