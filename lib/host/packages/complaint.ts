import { HostwrightError, type ErrorDetails } from '../../error.ts'
import { didYouMean } from '../../schema/nearest.ts'

interface Known {
  readonly says: RegExp
  readonly message: (found: RegExpExecArray) => string
  readonly next: string
}

/** What apt and dpkg say when they fail, and what to do about it; the first that matches is the cause. */
const known: readonly Known[] = [
  {
    says: /No space left on device|You don't have enough free space in (\S+)/,
    message: ([, folder]) => `the disk is full${folder === undefined ? '' : `: not enough space in ${folder}`}`,
    next: 'make room on the host (df -h, apt-get clean) and run again: what was left half-done is repaired',
  },
  {
    says: /(?:Could not get lock (\S+?)\.? .*held by process (\d+)(?: \(([^)]*)\))?|(?:is|was) locked by another process(?: with pid (\d+))?)/,
    message: ([, lock, pid, name, other]) =>
      `another process holds the package system${pid === undefined && other === undefined ? '' : `: ${name ?? 'process'} ${pid ?? other ?? ''}`}${lock === undefined ? '' : ` (${lock})`}`,
    next: 'wait for it to end, or see what it waits for, and run again',
  },
  {
    says: /(?:Permission denied|are you root\?|requires superuser privilege)/,
    message: () => 'only root can change packages',
    next: 'set become: true on the play or the task',
  },
  {
    says: /E: Unable to locate package (\S+)|E: Couldn't find any package by (?:glob|regex) '([^']+)'/,
    message: ([, one, other]) => `no package "${one ?? other ?? ''}" in the host's sources`,
    next: 'check the name, or add the repository that has it',
  },
  {
    says: /E: Version '([^']+)' for '([^']+)' was not found/,
    message: ([, version, name]) => `no version ${version ?? ''} of ${name ?? ''} in the host's sources`,
    next: 'see which there are: apt-cache policy on the host',
  },
  {
    says: /E: Package '?(\S+?)'? has no installation candidate/,
    message: ([, name]) => `no source of the host has ${name ?? 'the package'}`,
    next: 'name a package that replaces it, or add the repository that has it',
  },
  {
    says: /E: Held packages were changed|E: .*held packages/i,
    message: () => 'a package is held at its version',
    next: 'release it (apt-mark unhold), or set allow_change_held_packages',
  },
  {
    says: /E: Packages were downgraded/,
    message: () => 'this would downgrade packages',
    next: 'set allow_downgrade if that is meant',
  },
  {
    says: /Unable to correct problems|unmet dependencies/,
    message: () => 'the packages cannot be installed together',
    next: 'see the dependencies above: a repository may be missing, or of another release',
  },
  {
    says: /dpkg: error processing (?:package|archive) (\S+)/,
    message: ([, name]) => `dpkg could not finish ${name ?? 'a package'}`,
    next: 'see its own message above; the next run repairs what is half-done before it goes on',
  },
  {
    says: /NO_PUBKEY|not signed|signatures couldn't be verified|unauthenticated/i,
    message: () => 'a source of the host is not signed with a key it trusts',
    next: 'install the repository’s key',
  },
  {
    says: /Failed to fetch|Unable to fetch|does not have a Release file|Could not resolve|Temporary failure resolving/,
    message: () => 'a source of the host cannot be fetched',
    next: 'check its address and the host’s way to it',
  },
]

const decisive =
  /^(E: |W: .*(?:Failed|GPG)|Err:|dpkg: |dpkg-deb: | \S+ ?: (?:Depends|Conflicts|Breaks|PreDepends): )|No space left|Job for .* failed/

/** The lines of apt's and dpkg's output that say why it failed, without progress. */
export function decisiveLines(output: string): readonly string[] {
  const all = output.split('\n').map((line) => line.trimEnd())
  const why = all.filter((line, i) => decisive.test(line) || /^dpkg: error processing|^Err:/.test(all[i - 1] ?? ''))
  const lines = [...new Set([...packageWords(all), ...why])].filter((line) => !line.startsWith('dpkg: warning'))
  return lines.length > 0 ? lines.slice(-20) : all.filter((line) => line !== '').slice(-8)
}

/** What the script of a package said before dpkg gave up on it. */
function packageWords(all: readonly string[]): readonly string[] {
  const failed = all.findIndex((line) => line.startsWith('dpkg: error processing'))
  const begun = all
    .slice(0, Math.max(failed, 0))
    .findLastIndex((line) => /^(Setting up|Unpacking|Removing|Purging) /.test(line))
  return begun < 0 ? [] : all.slice(begun + 1, failed).slice(-8)
}

/** An error that says what apt could not do and why. */
export function aptError(what: string, status: number, output: string, details: ErrorDetails = {}): HostwrightError {
  const why = known.map((cause) => ({ cause, found: cause.says.exec(output) })).find(({ found }) => found !== null)
  const lines = decisiveLines(output)
  const reason = why?.found == null ? `apt-get ended with status ${status}` : why.cause.message(why.found)
  return new HostwrightError(`cannot ${what}: ${reason}\n${lines.join('\n')}`, {
    next: why?.cause.next ?? 'see what apt says above',
    ...details,
    data: { rc: status, stderr: lines.join('\n') },
  })
}

/** The name that apt did not know, of the names it has. */
export function unknownPackage(name: string, names: readonly string[]): string {
  return `no package "${name}" in the host's sources${didYouMean(name, names)}`
}
