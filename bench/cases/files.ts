import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sh, type Script } from '../../lib/quote.ts'
import type { Way } from '../hosts/hosts.ts'
import { hostsIn } from '../hosts/inventory.ts'
import type { Command } from '../measure/measure.ts'
import { complaint, endedBadly } from '../measure/recap.ts'
import type { Entry } from '../measure/race.ts'
import type { Tool } from '../tools/tool.ts'
import { writeLarge, writeTree } from '../work/payload.ts'
import type { Workload } from '../work/task.ts'
import { writeWorkload } from '../work/write.ts'
import type { Case, Form, Stage } from './case.ts'
import { limit, racersFor, type Runs } from './racers.ts'

interface Size {
  readonly files: number
  readonly megabytes: number
  readonly tree: Runs
  readonly large: Runs
}

const sizes: Readonly<Record<Form, Size>> = {
  short: {
    ...{ files: 100, megabytes: 100 },
    tree: { hostwright: 2, tar: 2, scp: 2, mitogen: 1 },
    large: { hostwright: 2, scp: 2, mitogen: 1 },
  },
  full: {
    ...{ files: 1000, megabytes: 500 },
    tree: { hostwright: 5, tar: 5, scp: 5, mitogen: 1, ansible: 1 },
    large: { hostwright: 5, scp: 5, mitogen: 1, pipelining: 1, ansible: 1 },
  },
}

const there = '/srv/bench-files'

export const filesCase: Case = {
  name: 'files',
  title: 'Copying a tree of small files, and one large file, to one host',
  minutes: { short: 1, full: 10 },
  run: async (stage) => {
    const { files, megabytes, tree, large } = sizes[stage.form]
    const payload = join(stage.folder, 'payload')
    mkdirSync(payload, { recursive: true })
    writeTree(join(payload, 'tree'), files)
    writeLarge(join(payload, 'large'), megabytes)
    await stage.hosts.light(1)
    return [
      ...(await copies(stage, `${files} small files`, join(payload, 'tree'), tree)),
      ...(await copies(stage, `a file of ${megabytes} MB`, join(payload, 'large'), large)),
    ]
  },
}

/** Copied to where nothing is, by everybody; and once more, when all is there. */
async function copies(stage: Stage, what: string, source: string, runs: Runs): Promise<readonly Entry[]> {
  const { hosts, folder, packaged } = stage
  const way = { inventory: hosts.lightInventory(1), login: hosts.login }
  const written = writeWorkload(copyWork(source), 'light', folder)
  const racers = racersFor(
    stage,
    { ...written, library: packaged, script: () => '', way, others: otherWays(way, source) },
    runs,
  )
  const sent = execFileSync('sh', ['-c', sums(dirname(source), basename(source)).text], { encoding: 'utf8' })
  const wrong = async () => {
    const script = sh`sudo sh -c ${sums(there, basename(source)).text}`
    const { stdout: arrived } = await hosts.lab.ssh('light1', script.text)
    return arrived === sent ? undefined : 'what arrived is not what was sent'
  }
  const tidy = sh`sudo sh -c ${sh`rm -rf ${there}; install -d -o ${hosts.login.user} ${there}`.text}`
  const playing = (tool: Tool) => tool !== 'scp' && tool !== 'tar'
  const first = await stage.race({
    at: { what: `${what}, first`, hosts: 1, tasks: 1 },
    racers,
    before: async () => void (await hosts.lab.ssh('light1', tidy.text)),
    judge: async (cost, recap, tool) =>
      (playing(tool) ? complaint(recap, cost, { hosts: 1, converged: false }) : endedBadly(cost)) ?? (await wrong()),
  })
  const again = await stage.race({
    at: { what: `${what}, again`, hosts: 1, tasks: 1 },
    // The other forms of Ansible take minutes for this, too.
    racers: racers.filter(({ tool }) => tool === 'hostwright' || tool === 'mitogen'),
    judge: (cost, recap) => complaint(recap, cost, { hosts: 1, converged: true }),
  })
  return [...first, ...again]
}

const copyWork = (source: string): Workload => ({
  name: `copy-${basename(source)}`,
  tasks: [{ name: 'Copy', module: 'copy', params: { src: source, dest: `${there}/` } }],
  files: {},
  templates: [],
})

/** The names and checksums of all files. */
const sums = (folder: string, name: string): Script =>
  sh`cd ${folder} && find ${name} -type f -exec sha256sum {} + | LC_ALL=C sort`

function otherWays({ inventory, login }: Way, source: string): Partial<Readonly<Record<Tool, Command>>> {
  const [{ address, port } = { address: '', port: '' }] = hostsIn(readFileSync(inventory, 'utf8'))
  const { user, options } = login
  const unpack = sh`tar -C ${there} -xf -`
  const pack = sh`tar -C ${dirname(source)} -cf - ${basename(source)}`
  const packed = sh`${pack} | ssh ${options} -p ${port} ${user}@${address} ${unpack.text}`
  return {
    scp: { argv: ['scp', '-q', '-r', ...options, '-P', port, source, `${user}@${address}:${there}/`], limit },
    tar: { argv: ['sh', '-c', packed.text], limit },
  }
}
