import type { ConnectionKinds } from '../connection/connection-kind.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { InventoryInput } from '../inventory/sources/brought.ts'
import type { VaultPassword } from '../inventory/vault/vault.ts'
import type { PlaybookData } from '../play/data.ts'
import type { Report } from '../events/event.ts'
import type { Secret } from '../secret.ts'

/** A playbook with the file it was loaded from. */
export interface LoadedPlaybook extends PlaybookData {
  /** The absolute path of the file. */
  readonly file: string
}

/** Which tasks on which hosts. */
export interface SelectionOptions {
  /** A host pattern, such as `web:!web3`: only these hosts of the plays. `@FILE` stands for a file of patterns. */
  readonly limit?: string | undefined
  /** Only tasks with one of these tags; a text may name several, with commas. */
  readonly tags?: string | readonly string[] | undefined
  /** No tasks with one of these tags. */
  readonly skipTags?: string | readonly string[] | undefined
  /** Begin with the first task of this name; `*` stands for any text. */
  readonly startAtTask?: string | undefined
}

/** How hosts are reached where the inventory does not say it: its variables win, as in Ansible. */
export interface ConnectionOptions {
  /** A name that `ansible_connection` takes: `ssh` (the default), `local`, `docker`, one of `connections`, and so on. */
  readonly connection?: string | undefined
  /** Kinds of connection of the program's own, under the names that `ansible_connection` has for them. */
  readonly connections?: ConnectionKinds | undefined
  /** The user to log in as; by default what ssh_config or the system says. */
  readonly user?: string | undefined
  /** The password to log in with, where the host asks for one. */
  readonly password?: string | Secret | undefined
  /** The file of the private key; by default those that ssh tries. */
  readonly privateKeyFile?: string | undefined
  /** Seconds until a connection must be open; 10 by default. */
  readonly timeout?: number | undefined
  /** Whether host keys must be known (`true`, the default); `accept-new` takes those of new hosts. */
  readonly hostKeyChecking?: boolean | 'accept-new' | undefined
  /** More arguments for ssh, such as `-o ProxyJump=gate`: Ansible's `ansible_ssh_args`, `ansible_ssh_common_args` and `ansible_ssh_extra_args`. */
  readonly sshArgs?: string | undefined
  /** Added to `sshArgs`. */
  readonly sshCommonArgs?: string | undefined
  /** Added to `sshArgs` and `sshCommonArgs`. */
  readonly sshExtraArgs?: string | undefined
  /** Keeps the logins that the run made for later runs, each as long as its ControlPersist says; `true` by default. */
  readonly keepLogins?: boolean | undefined
}

/** Who tasks run as, where neither inventory, play nor task says it. */
export interface RunBecomeOptions {
  /** Run tasks as another user; off by default. */
  readonly become?: boolean | undefined
  /** `root` by default. */
  readonly becomeUser?: string | undefined
  /** `sudo` by default. */
  readonly becomeMethod?: 'sudo' | 'su' | 'doas' | undefined
  /** The password that the program which changes users asks for. */
  readonly becomePassword?: string | Secret | undefined
}

/** What {@link run} may be told. Every option may be left out. */
export interface RunOptions extends SelectionOptions, ConnectionOptions, RunBecomeOptions {
  /** What {@link createInventory} gave or takes. Only a playbook whose plays are all for `localhost` needs none. */
  readonly inventory?: Inventory | InventoryInput | readonly InventoryInput[] | undefined
  /** Change nothing; say what would be changed. */
  readonly check?: boolean | undefined
  /** Put the differences of what changes into the results. */
  readonly diff?: boolean | undefined
  /** Variables over all others, as with `-e`. */
  readonly vars?: Readonly<Record<string, unknown>> | undefined
  /** Hosts at work at the same time; 50 by default. */
  readonly forks?: number | undefined
  /** Run notified handlers even on hosts where a task failed. */
  readonly forceHandlers?: boolean | undefined
  /** `false` plans each task only when its turn has come. What a run does and reports is the same either way. */
  readonly lookAhead?: boolean | undefined
  /** The passwords of what is encrypted with ansible-vault; each is tried. */
  readonly vaultPasswords?: readonly (string | Secret | VaultPassword)[] | undefined
  /**
   * The folder beside which templates, files, `vars_files`, `group_vars` and `host_vars` are looked up. By default that of the file the playbook was loaded
   * from, or else the current folder.
   */
  readonly playbookDir?: string | undefined
  /** The folder that remembers handlers which were notified and have not run; the next run calls them. By default `.hostwright/INVENTORY` beside the playbook. */
  readonly stateDir?: string | undefined
  /** Is called with every event, in order; several are called in turn. An error that it throws ends the run. */
  readonly report?: Report | readonly Report[] | undefined
  /** Ends the run: what is under way is cut off, on the hosts too. The outcome is then `interrupted`. */
  readonly signal?: AbortSignal | undefined
  /** Is asked before each task whether to run it; `continue` means yes to all that follow. */
  readonly confirm?: ((task: string) => Promise<'yes' | 'no' | 'continue'>) | undefined
  /** Whether the outcome has the results of all tasks; `true` by default. With thousands of hosts they take memory. */
  readonly results?: boolean | undefined
}
