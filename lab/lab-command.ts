import { parseArgs } from 'node:util'
import { LabError } from './command.ts'
import { openLab, type OpenLab } from './index.ts'
import { needRoot } from './machine.ts'
import { lightInventory } from './inventory.ts'
import { releases } from './image/release.ts'
import { statusText } from './status.ts'
import { systems } from './systems.ts'

const usage = `usage: hostwright lab [--release N] [--system NAME] [--inventory FILE] [--install] COMMAND

Real Debian hosts on this machine, for the project in whose folder you are. Needs Linux and root.

  build                 make the base system and the package archive (up does it when needed)
  up [HOST…]            start hosts; without names, those of package.json or of the system
  down                  end everything and throw the hosts away
  reset [HOST…]         throw hosts' changes away and boot them clean
  status                what runs
  inventory [light]     print the inventory that up has written
  ssh HOST [COMMAND]    log in as admin
  exec COMMAND…         run a command on the lab's network, where the controller is
  kill HOST…            power cut            start HOST…  power on
  stop HOST…            clean power off      reboot HOST…
  cut HOST…             pull the cable       heal HOST…   put it back
  part A B              A and B lose each other             join A B
  light N               N light hosts: sshd only (0 ends them)

  --release   Debian ${Object.keys(releases).join(' or ')} (HOSTWRIGHT_LAB_RELEASE)
  --system    ${Object.keys(systems).join(', ')}; each is a lab of its own
  --inventory where up writes the inventory; inventory/lab.ini by default
  --install   install what the lab needs on this machine with apt-get
  HOSTWRIGHT_LAB=name in the environment: a lab of its own, beside the others of this project

package.json names hosts of your own, and packages that they can install:
  "hostwright": { "lab": { "hosts": ["web1", "db1"], "groups": { "web": ["web1"] }, "packages": ["nginx"] } }`

type Command = (lab: OpenLab, args: readonly string[]) => Promise<number | void> | number | void

const each =
  (name: 'kill' | 'start' | 'stop' | 'reboot' | 'cut' | 'heal'): Command =>
  async (lab, hosts) => {
    if (hosts.length === 0) throw new LabError(`${name} which host?`, `The lab has: ${lab.hosts().join(' ') || 'none'}`)
    for (const host of hosts) await lab[name](host)
  }

const both =
  (name: 'part' | 'join'): Command =>
  async (lab, [one, other, ...more]) => {
    if (one === undefined || other === undefined || more.length > 0) throw new LabError(`${name} takes two hosts.`)
    await lab[name](one, other)
  }

const commands: Readonly<Record<string, Command>> = {
  build: async (lab) => console.log((await lab.build()).base),
  up: (lab, hosts) => lab.up(hosts),
  down: (lab) => lab.down(),
  reset: (lab, hosts) => lab.reset(hosts),
  status: (lab) => console.log(statusText(lab)),
  inventory: (lab, [kind]) => void process.stdout.write(kind === 'light' ? lightInventory(lab) : lab.inventory()),
  ssh: (lab, [host, ...command]) => {
    if (host === undefined) throw new LabError('ssh to which host?')
    return lab.shell(host, command)
  },
  exec: (lab, command) => lab.exec(command),
  light: (lab, [count]) => lab.light(Number(count ?? 'none')),
  kill: each('kill'),
  start: each('start'),
  stop: each('stop'),
  reboot: each('reboot'),
  cut: each('cut'),
  heal: each('heal'),
  part: both('part'),
  join: both('join'),
}

/** These look only; all others need root. */
const looks = new Set(['status', 'inventory'])

/** Options of the lab stand before the command; what follows ssh and exec is theirs. */
function split(argv: readonly string[]): { readonly own: readonly string[]; readonly rest: readonly string[] } {
  const valued = new Set(['--release', '--system', '--inventory', '--lab'])
  const own: string[] = []
  const rest: string[] = []
  const raw = () => rest[0] === 'ssh' || rest[0] === 'exec'
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? ''
    if (raw() || !word.startsWith('--')) rest.push(word)
    else own.push(...(valued.has(word) ? [word, argv[(i += 1)] ?? ''] : [word]))
  }
  return { own, rest }
}

async function start(argv: readonly string[]): Promise<number> {
  const { own, rest } = split(argv)
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const
  const options = { release: text, system: text, inventory: text, lab: text, install: flag, help: flag } as const
  const { values } = parseArgs({ args: [...own], options })
  const [name, ...args] = rest
  if (name === undefined || values.help === true || name === 'help') {
    console.log(usage)
    return name === undefined && values.help !== true ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) throw new LabError(`There is no command "${name}".`, usage)
  const { release, system, inventory, lab: id, install } = values
  const lab = openLab({ id, release, system, inventory, install, say: (line) => console.error(line) })
  if (!looks.has(name)) needRoot()
  return (await command(lab, args)) ?? 0
}

/** `hostwright lab …` and `npm run lab -- …`, on this process's standard output. @returns the exit status. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  try {
    return await start(argv)
  } catch (error) {
    const known =
      error instanceof LabError ||
      (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE'))
    console.error(known ? (error as Error).message : error)
    return 1
  }
}
