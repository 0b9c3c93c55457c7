import type { Build } from './image/build.ts'
import type { Lab } from './lab.ts'
import type { LoginOptions, Said } from './hosts/login.ts'
import type { HostStatus } from './status.ts'

/**
 * A lab and what can be done with it. All of it needs Linux and root, but `status`, `hosts`, `address` and `inventory`.
 * What cannot be done is a `LabError`, whose message ends with what to do next; so is a host that the lab does not have.
 */
export interface OpenLab extends Lab {
  /** Makes the base system and the packages of the hosts, unless they are there; `up` does it when needed. A minute or more. */
  build(): Promise<Build>
  /**
   * Starts hosts, and returns when all can be logged into; writes `inventoryFile`. Hosts that run already stay as they
   * are. By default all hosts of `plan`; a name that is not among them is a host without a group.
   *
   * @throws LabError when programs are missing on this machine, or when `packages` or `release` in package.json have
   * changed since the lab's hosts were made.
   */
  up(hosts?: readonly string[]): Promise<void>
  /** Makes sure that so many light hosts run, 0 to 500, and no more: an sshd each, without systemd. Writes an inventory of their own. */
  light(count: number): Promise<void>
  /** Throws the changes of these hosts, or of all, away and boots them clean. Keys and passwords stay. */
  reset(hosts?: readonly string[]): Promise<void>
  /** Ends the lab and throws its hosts away, with whatever a crash has left. Keys and passwords stay. */
  down(): Promise<void>
  /** How each host is. */
  status(): readonly HostStatus[]
  /** The text of an Ansible inventory; `up` has written it to `inventoryFile`. */
  inventory(): string
  /** The names of all hosts that were made, running or not. */
  hosts(): readonly string[]
  /** A host's address on the lab's network. */
  address(host: string): string
  /** Whether a host is powered on. */
  isRunning(host: string): boolean
  /** A power cut: what is not on the disk is lost. */
  kill(host: string): Promise<void>
  /** Powers a host on, over what it has written before, and returns when it can be logged into. */
  start(host: string): Promise<void>
  /** A clean power off; returns when the host is off. */
  stop(host: string): Promise<void>
  /** Restarts a host, and returns when it can be logged into again. */
  reboot(host: string): Promise<void>
  /** Pulls a host's network cable. It stays out over reboots and power cuts. */
  cut(host: string): Promise<void>
  /** Puts the cable back. */
  heal(host: string): Promise<void>
  /** Two hosts no longer reach each other; both still reach all others. */
  part(one: string, other: string): Promise<void>
  /** Two parted hosts reach each other again. */
  join(one: string, other: string): Promise<void>
  /**
   * Runs a shell command on a host by ssh.
   *
   * @throws LabError when it fails, unless `allowFailure` is given.
   */
  ssh(host: string, command: string, how?: LoginOptions): Promise<Said>
  /** The same on this process's terminal; without a command an interactive shell. @returns the exit status. */
  shell(host: string, command?: readonly string[]): Promise<number>
  /** Runs a script as root on the host's console: without network or ssh. @returns its output. @throws LabError when it fails. */
  console(host: string, script: string, input?: string): Promise<string>
  /** The host's process 1, as this machine numbers it. */
  leader(host: string): number
  /** Put these words before a command to run it where the controller is: on the lab's network. */
  readonly inside: readonly string[]
  /** Runs a program there, on this process's terminal. @returns its exit status. */
  exec(command: readonly string[]): Promise<number>
}
