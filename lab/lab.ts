import { createHash } from 'node:crypto'
import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from './command.ts'
import { defaultRelease, releaseNamed, type Release } from './image/release.ts'
import { isName, nameRule } from './names.ts'
import { packageFolder, projectFolder } from './project/folders.ts'
import { labSettings, type LabSettings } from './project/settings.ts'
import { readState } from './state.ts'
import { defaultSystem, isSystem, systems, type System, type SystemName } from './systems.ts'

/** Which lab `openLab` opens, and how. */
export type LabOptions = {
  /**
   * A folder of the project that the lab belongs to; the current folder by default. The lab belongs to the nearest
   * package.json from there upwards that has `"hostwright": { "lab": … }`, or else to the nearest.
   */
  readonly project?: string | undefined
  /**
   * Several labs in one project have names of their own: small letters, digits and dashes. By default what
   * `HOSTWRIGHT_LAB` in the environment says, or else the system if one is named; none is the project's default lab.
   */
  readonly id?: string | undefined
  /**
   * Debian's release, `12` or `13`, or its codename. By default what `HOSTWRIGHT_LAB_RELEASE` in the environment says,
   * or else what the lab runs already, what package.json says, 13.
   */
  readonly release?: string | undefined
  /**
   * A shipped system whose hosts to start: `replication`, `sync`, `logical`, `patroni`. By default the hosts that
   * package.json lists, or else `replication`.
   */
  readonly system?: string | undefined
  /** The file to write the inventory to; `inventory/lab.ini` or `inventory/lab-ID.ini` in the project by default. */
  readonly inventory?: string | undefined
  /**
   * Whether to install Debian packages that the lab itself needs on this machine with apt-get. By default only the lab
   * of hostwright's own checkout does; others throw a `LabError` that says what is missing.
   */
  readonly install?: boolean | undefined
  /** Is told each step; silent by default. */
  readonly say?: ((line: string) => void) | undefined
}

/** A lab, whether or not it runs. */
export type Lab = {
  /** Unique on this machine: part of the name of everything the lab makes outside its folder. */
  readonly id: string
  /** The name given by `id`, or the name of the system; none for the project's default lab. */
  readonly name: string | undefined
  /** The folder of the project it belongs to. */
  readonly project: string
  /** The settings in the project's package.json. */
  readonly settings: LabSettings
  /** Debian's release. */
  readonly release: Release
  /** The shipped system whose hosts it starts, or `project` for those of package.json. */
  readonly system: SystemName | 'project'
  /** The hosts that it starts by default, and their groups. */
  readonly plan: System
  /** Where it keeps its hosts, keys and passwords. */
  readonly folder: string
  /** The inventory that `up` writes. It holds passwords, and only its owner can read it. */
  readonly inventoryFile: string
  /** Whether it installs Debian packages that it needs on this machine. */
  readonly install: boolean
  /** Is told each step. */
  readonly say: (line: string) => void
}

/** File systems that can hold the upper layer of an overlay: ext4, xfs, btrfs, tmpfs, f2fs. */
const overlayable = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010])

/** A project on a container's overlay or a network share cannot hold hosts, so they go to /var/lib. */
function folderFor(project: string, name: string, hash: string): string {
  const own = join(project, '.lab')
  return overlayable.has(statfsSync(existsSync(own) ? own : project).type)
    ? join(own, name)
    : join('/var/lib/hostwright-lab', `${name}-${hash}`)
}

function systemNamed(text: string | undefined): SystemName | undefined {
  if (text === undefined || isSystem(text)) return text
  throw new LabError(`There is no system "${text}".`, `Known systems: ${Object.keys(systems).join(', ')}.`)
}

/** Describes a lab without touching it. A system other than the default one is a lab of its own. */
export function describeLab(options: LabOptions = {}): Lab {
  const project = projectFolder(options.project ?? process.cwd())
  const settings = labSettings(project)
  const hash = createHash('sha256').update(project).digest('hex').slice(0, 6)
  const usual = settings.own === undefined ? defaultSystem : 'project'
  const system = systemNamed(options.system)
  const asked = options.id ?? process.env['HOSTWRIGHT_LAB']
  const name = asked || (system === usual ? undefined : system)
  if (name !== undefined && !isName(name)) throw new LabError(`"${name}" cannot name a lab.`, nameRule)
  const folder = folderFor(project, name ?? 'default', hash)
  const state = readState(folder)
  const release = options.release ?? process.env['HOSTWRIGHT_LAB_RELEASE']
  // The default lab never has another system than the usual one.
  const kept = name === undefined || state.system === 'project' ? undefined : state.system
  const chosen = system ?? kept ?? usual
  return {
    id: name === undefined ? hash : `${name}-${hash}`,
    name,
    project,
    settings,
    release: release ? releaseNamed(release) : (state.release ?? settings.release ?? defaultRelease),
    system: chosen,
    plan: chosen === 'project' ? (settings.own ?? systems[defaultSystem]) : systems[chosen],
    folder,
    inventoryFile: options.inventory ?? join(project, 'inventory', name === undefined ? 'lab.ini' : `lab-${name}.ini`),
    install: options.install ?? project === packageFolder,
    say: options.say ?? (() => {}),
  }
}
