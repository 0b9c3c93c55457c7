import { runPlaybook } from '../../../../lib/engine/index.ts'
import { loadInventory } from '../../../../lib/inventory/index.ts'
import { play, playbook } from '../../../../lib/play/play.ts'
import { command } from '../../../../modules/command.ts'

// A run whose memory a test measures: an inventory and a command for the host `long`. It tells what became of each host, and the most memory it took in MB.
const [inventoryFile = '', cmd = '', times = '1'] = process.argv.slice(2)
const one = play('Say much', { hosts: 'all' })
  .task('Say it', ({ host }) =>
    Array.from({ length: host === 'long' ? Number(times) : 1 }, () =>
      command({ cmd: host === 'long' ? cmd : 'echo here' }),
    ),
  )
  .task('Go on', () => command({ cmd: 'echo here' }))
const told: string[] = []
await runPlaybook({
  playbook: playbook('long output', [one]),
  inventory: await loadInventory({ sources: [inventoryFile] }),
  playbookDir: '/nonexistent',
  extraVars: {},
  check: false,
  diff: false,
  selection: { tags: [], skipTags: [] },
  forks: 5,
  forceHandlers: false,
  connection: {},
  become: {},
  report: (event) => {
    if (event.type === 'result') told.push(`${event.host} ${event.task}: ${event.error?.message ?? event.status}`)
  },
})
console.log(JSON.stringify({ told, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }))
