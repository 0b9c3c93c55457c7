/** `npm run up [SYSTEM]`: from an empty machine to a system on real hosts, verified. */
import { spawnSync } from 'node:child_process'
import { LabError, openLab } from './index.ts'
import { defaultSystem, isSystem } from './systems.ts'
import { ways, type Way } from './ways.ts'

const name = process.argv[2] ?? defaultSystem

function title(text: string): void {
  console.log(`\n== ${text}`)
}

function wayOf(system: string): Way {
  const way = isSystem(system) ? ways[system] : undefined
  if (way === undefined)
    throw new LabError(`There is no system "${system}" to bring up.`, `Known: ${Object.keys(ways).join(', ')}.`)
  return way
}

/** Runs a playbook as a user would, on this terminal; ends with its status when it fails. */
function play(inventory: string, file: string, args: readonly string[]): void {
  const { status } = spawnSync('npx', ['tsx', file, '-i', inventory, ...args], { stdio: 'inherit' })
  if (status === 0) return
  const again = name === defaultSystem ? 'npm run up' : `npm run up -- ${name}`
  console.error(
    `\n${file} ended with status ${status ?? 'of a signal'}; what went wrong stands above. After mending: ${again}`,
  )
  process.exit(status ?? 1)
}

try {
  const { steps, next } = wayOf(name)
  const lab = openLab({ say: (line) => console.log(line), ...(name === defaultSystem ? {} : { system: name }) })
  const all = steps.length + 1
  title(`1 of ${all}: ${lab.plan.hosts.length} Debian ${lab.release} hosts on this machine`)
  await lab.up()
  for (const [index, { title: what, playbook, args = [] }] of steps.entries()) {
    title(`${index + 2} of ${all}: ${what} (${[playbook, ...args].join(' ')})`)
    play(lab.inventoryFile, playbook, args)
  }
  const width = Math.max(...next.map(([command]) => command.length)) + 3
  console.log(
    ['\nIt stands. What to try next:', ...next.map(([command, what]) => `  ${command.padEnd(width)}${what}`)].join(
      '\n',
    ),
  )
} catch (error) {
  if (!(error instanceof LabError)) throw error
  console.error(error.message)
  process.exit(1)
}
