import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { $ } from 'zx'
import { LabError } from '../command.ts'
import { consoleTail, isRunning, onConsole } from './host.ts'
import { keyFile, knownHostsFile } from './keys.ts'
import type { Lab } from '../lab.ts'
import { netnsFile, switchOf } from './network.ts'
import { users } from '../systems.ts'

/** For ssh_config(5), whose values may hold blanks only between double quotes. */
const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path)

export const proxyCommand = (lab: Lab): string => `nsenter --net=${netnsFile(switchOf(lab))} nc %h %p`

/** The options every ssh client needs to reach the lab's hosts and to trust nothing else. */
export const sshOptions = (lab: Lab): readonly string[] => [
  `UserKnownHostsFile=${quoted(knownHostsFile(lab))}`,
  'StrictHostKeyChecking=yes',
  `ProxyCommand=${proxyCommand(lab)}`,
]

/** How to run a command on a host. */
export type LoginOptions = {
  /** Who logs in: `admin`, the default, or `operator`. */
  readonly user?: string
  /** The command's standard input; empty by default. */
  readonly input?: string
  /** Give a failed command's result instead of throwing; `false` by default. */
  readonly allowFailure?: boolean
}

/** The output and exit status of a command. */
export type Said = {
  /** Its exit status; 255 when the login failed or the command was ended by a signal. */
  readonly exitCode: number
  /** Its standard output. */
  readonly stdout: string
  /** Its standard error. */
  readonly stderr: string
}

const sshArguments = (lab: Lab, address: string, user: string): readonly string[] => [
  ...['-F', '/dev/null', '-i', keyFile(lab), '-o', 'IdentitiesOnly=yes', '-o', 'LogLevel=ERROR'],
  ...sshOptions(lab).flatMap((option) => ['-o', option]),
  `${user}@${address}`,
]

/** Runs a shell command on a host through a real login. A host that falls silent is given up after some seconds. */
export async function login(lab: Lab, address: string, command: string, how: LoginOptions = {}): Promise<Said> {
  const options = ['BatchMode=yes', 'ConnectTimeout=5', 'ServerAliveInterval=3', 'ServerAliveCountMax=3']
  const batch = options.flatMap((option) => ['-o', option])
  const args = [...batch, ...sshArguments(lab, address, how.user ?? users.admin.name), '--', command]
  const done = await $({ quiet: true, nothrow: true, input: how.input ?? '' })`ssh ${args}`
  const said = { exitCode: done.exitCode ?? 255, stdout: done.stdout, stderr: done.stderr }
  if (said.exitCode === 0 || how.allowFailure === true) return said
  throw new LabError(`"${command}" on ${address} ended with status ${said.exitCode}:\n${said.stderr.trim()}`)
}

/** Hands the terminal to a program; gives its exit status. */
export async function handOver(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 255
}

export const interactive = (lab: Lab, address: string, command: readonly string[]): Promise<number> =>
  handOver('ssh', [...sshArguments(lab, address, users.admin.name), ...(command.length > 0 ? ['--', ...command] : [])])

/** Waits until a real login works. */
export async function waitForLogin(lab: Lab, host: string, address: string, seconds = 60): Promise<void> {
  const limit = Date.now() + seconds * 1000
  let last = ''
  while (Date.now() < limit) {
    await untilPortSpeaks(lab, address)
    const tried = await login(lab, address, 'true', { allowFailure: true })
    if (tried.exitCode === 0) return
    last = tried.stderr.trim()
    if (!isRunning(lab, host)) break
    await sleep(50)
  }
  const tail = consoleTail(lab, host)
  throw new LabError(
    `No login on ${host} (${address}): ${last || 'it stopped while starting'}\nIts console:\n${tail}`,
    `Try a clean start: npx hostwright lab reset ${host}`,
  )
}

/** The same for a host whose network is cut. */
export async function waitForConsole(lab: Lab, host: string, seconds = 60): Promise<void> {
  const limit = Date.now() + seconds * 1000
  for (;;) {
    try {
      await onConsole(lab, host, 'pgrep -x sshd')
      return
    } catch (error) {
      if (Date.now() > limit) throw error
      await sleep(50)
    }
  }
}

/** Far cheaper than a login, so it can be asked often. Gives up quietly after a while: the login then says why. */
const untilPortSpeaks = (lab: Lab, address: string) => $({ quiet: true, nothrow: true, input: '' })`
  nsenter ${`--net=${netnsFile(switchOf(lab))}`} timeout 10 bash -c '
    until (exec 3<>/dev/tcp/$1/22 && read -r -t 1 -u 3 _) 2>/dev/null; do sleep 0.03; done' - ${address}`
