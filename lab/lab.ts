import { createHash } from 'node:crypto'
import { mkdirSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LabError } from './command.ts'
import { defaultRelease, releaseNamed, type Release } from './image/release.ts'
import { readState } from './state.ts'
import { defaultSystem, isSystem, systems, type SystemName } from './systems.ts'

export type LabOptions = {
  /** Several labs in one clone have names of their own; none is the clone's default lab. */
  readonly id?: string | undefined
  readonly release?: string | undefined
  readonly system?: string | undefined
  /** Where to write the inventory. */
  readonly inventory?: string | undefined
  /** Told each step; silent by default. */
  readonly say?: ((line: string) => void) | undefined
}

export type Lab = {
  /** Unique on this machine: part of the name of everything the lab makes outside its folder. */
  readonly id: string
  readonly name: string | undefined
  readonly release: Release
  readonly system: SystemName
  readonly folder: string
  readonly inventoryFile: string
  readonly say: (line: string) => void
}

export const clone = dirname(dirname(fileURLToPath(import.meta.url)))

const cloneHash = createHash('sha256').update(clone).digest('hex').slice(0, 6)

/** File systems that can hold the upper layer of an overlay: ext4, xfs, btrfs, tmpfs, f2fs. */
const overlayable = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010])

/** A clone on a container's overlay or a network share cannot hold hosts, so they go to /var/lib. */
function folderFor(name: string): string {
  const inClone = join(clone, '.lab', name)
  mkdirSync(dirname(inClone), { recursive: true })
  return overlayable.has(statfsSync(dirname(inClone)).type)
    ? inClone
    : join('/var/lib/hostwright-lab', `${name}-${cloneHash}`)
}

/** Describes a lab without touching it. A system other than the default one is a lab of its own. */
export function describeLab(options: LabOptions = {}): Lab {
  const system = options.system
  if (system !== undefined && !isSystem(system)) {
    throw new LabError(`There is no system "${system}".`, `Known systems: ${Object.keys(systems).join(', ')}.`)
  }
  const asked = options.id ?? process.env['HOSTWRIGHT_LAB']
  const name = asked || (system === undefined || system === defaultSystem ? undefined : system)
  if (name !== undefined && !/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    throw new LabError(`"${name}" cannot name a lab.`, 'Use small letters, digits and dashes, a letter first.')
  }
  const folder = folderFor(name ?? 'default')
  const state = readState(folder)
  const release = options.release ?? process.env['HOSTWRIGHT_LAB_RELEASE']
  return {
    id: name === undefined ? cloneHash : `${name}-${cloneHash}`,
    name,
    release: release ? releaseNamed(release) : (state.release ?? defaultRelease),
    system: system ?? state.system ?? defaultSystem,
    folder,
    inventoryFile: options.inventory ?? join(clone, 'inventory', name === undefined ? 'lab.ini' : `lab-${name}.ini`),
    say: options.say ?? (() => {}),
  }
}
