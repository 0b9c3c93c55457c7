import type { CommandLineDefaults } from '../../connection/index.ts'
import type { Inventory, VaultPassword } from '../../inventory/index.ts'
import type { PlaybookData } from '../../play/data.ts'
import type { Counts, Report } from '../../events/event.ts'
import type { Secret } from '../../secret.ts'

export interface BecomeDefaults {
  readonly become?: boolean
  readonly user?: string
  readonly method?: 'sudo' | 'su' | 'doas'
  readonly password?: Secret
}

/** Which tasks and hosts a run takes. */
export interface Selection {
  readonly limit?: string
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask?: string
}

export interface RunSettings {
  readonly playbook: PlaybookData
  readonly inventory: Inventory
  /** The folder of the playbook file: templates, files and vars_files are looked up beside it. */
  readonly playbookDir: string
  readonly extraVars: Readonly<Record<string, unknown>>
  /** For what is encrypted in the files of a play's `vars_files`. */
  readonly vaultPasswords?: readonly VaultPassword[]
  readonly check: boolean
  readonly diff: boolean
  readonly selection: Selection
  /** Hosts at work at the same time; 50 by default. */
  readonly forks: number
  readonly forceHandlers: boolean
  /** `false` plans each task only when its turn has come. What a run does and tells is the same either way. */
  readonly lookAhead?: boolean
  /** What the command line says of how to reach hosts; inventory variables win over it, as in Ansible. */
  readonly connection: CommandLineDefaults
  readonly become: BecomeDefaults
  readonly report: Report
  /** Asked before each task with `--step`. */
  readonly confirm?: (task: string) => Promise<'yes' | 'no' | 'continue'>
  /** Ends the run, and the programs that it runs on hosts. */
  readonly signal?: AbortSignal
  /** Where notified handlers that have not run are kept between runs; `.hostwright` in the playbook's folder by default. */
  readonly stateDir?: string
}

/** The summary of a run. */
export interface RunSummary {
  /** The numbers of the recap for each host that had a task. */
  readonly counts: Readonly<Record<string, Counts>>
  /** A task failed on some host, and was neither ignored nor rescued. */
  readonly failed: boolean
  /** Some host could not be reached, or was lost. */
  readonly unreachable: boolean
  /** The signal ended the run. */
  readonly interrupted: boolean
}
