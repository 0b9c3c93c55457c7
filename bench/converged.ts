/**
 * How long a converged `npx tsx playbooks/site.ts` takes, start-up included, and how many requests each host is sent.
 *
 *   npm run bench -- [-i INVENTORY] [RUNS]
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { Event } from '../lib/report/event.ts'

const { values, positionals } = parseArgs({
  options: { inventory: { type: 'string', short: 'i', default: 'inventory/lab.ini' } },
  allowPositionals: true,
})
const runs = Number(positionals[0] ?? 7)

function once(): {
  readonly seconds: number
  readonly changed: number
  readonly requests: Readonly<Record<string, number>>
} {
  const start = performance.now()
  const args = ['tsx', 'playbooks/site.ts', '-i', values.inventory, '--output', 'json']
  const { status, stdout, stderr } = spawnSync('npx', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`site.ts ended with status ${status}: run it once before it is measured\n${stderr}`)
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
  const recap = events.findLast((event) => event.type === 'recap')
  const changed = Object.values(recap?.hosts ?? {}).reduce((sum, host) => sum + host.changed, 0)
  return { seconds, changed, requests: recap?.requests ?? {} }
}

const all = Array.from({ length: runs }, once)
const seconds = all.map((run) => run.seconds).sort((a, b) => a - b)
const show = (value: number | undefined) => (value ?? NaN).toFixed(2)
console.log(
  `converged site.ts, ${runs} runs: median ${show(seconds[Math.floor(runs / 2)])} s (${show(seconds[0])}–${show(seconds.at(-1))} s)`,
)
console.log(`changed: ${all.map((run) => run.changed).join(' ')}`)
console.log(
  `requests: ${Object.entries(all.at(-1)?.requests ?? {})
    .map(([host, count]) => `${host} ${count}`)
    .join(', ')}`,
)
