import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, connectionSettings, type Connection } from '../../../lib/connection/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-shells-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** The shells that hosts have as `sh`; the last with busybox for every tool, whose `head` reads ahead. */
export const shells = ['dash', 'bash', 'busybox sh', 'busybox alone'] as const
export type ShellName = (typeof shells)[number]

/** A PATH in which `sh` is this shell. */
export function pathOf(shell: ShellName): string {
  const bin = join(folder, shell.replace(' ', '-'))
  mkdirSync(bin, { recursive: true })
  if (shell === 'busybox alone') {
    execFileSync('busybox', ['--install', '-s', bin])
    return bin
  }
  try {
    symlinkSync(`/bin/${shell.split(' ')[0]}`, join(bin, 'sh'))
  } catch {
    // It is there from the last call.
  }
  return `${bin}:${process.env['PATH'] ?? ''}`
}

/** A connection to this machine whose `sh` is this shell. */
export function connectShell(shell: ShellName, vars: Record<string, unknown> = {}): Promise<Connection> {
  const argv = ['env', '-i', `HOME=${folder}`, `PATH=${pathOf(shell)}`, 'sh']
  return connect(connectionSettings('here', { ansible_connection: 'command', ansible_shell_command: argv, ...vars }))
}
