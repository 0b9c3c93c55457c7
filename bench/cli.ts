import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openHosts } from './hosts/hosts.ts'
import { race } from './measure/race.ts'
import { mixedCase } from './cases/mixed.ts'
import { convergedCase } from './cases/converged.ts'
import { firstCase } from './cases/first.ts'
import { latencyCase } from './cases/latency.ts'
import { loopCase } from './cases/loop.ts'
import { growthCase } from './cases/growth.ts'
import { filesCase } from './cases/files.ts'
import { startCase } from './cases/start.ts'
const all = { latency: latencyCase, loop: loopCase, growth: growthCase, files: filesCase, start: startCase, mixed: mixedCase, converged: convergedCase, first: firstCase }

const say = (line: string) => console.error(line)
const folder = mkdtempSync(join(tmpdir(), 'hwb-'))
const hosts = openHosts(folder, say)
const library = resolve(process.env['LIB'] ?? '.')
await hosts.down()
try {
  const entries = await all[(process.argv[2] ?? 'mixed') as keyof typeof all].run({
    form: 'short',
    forks: 20,
    library,
    folder,
    hosts,
    wants: (t) => !process.env['ONLY'] || process.env['ONLY'].split(',').includes(t),
    runs: (n) => n,
    say,
    race: (r) => race(r, { inside: hosts.inside, folder }, say),
  })
  console.log(JSON.stringify(entries, null, 1))
} finally {
  if (!process.env['KEEP']) {
    await hosts.down()
    rmSync(folder, { recursive: true })
  }
}
