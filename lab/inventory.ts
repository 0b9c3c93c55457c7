import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { keyFile, passwords } from './hosts/keys.ts'
import type { Lab } from './lab.ts'
import { sshOptions } from './hosts/login.ts'
import { addressOf } from './hosts/network.ts'
import { lightHosts, numberOf } from './hosts/roster.ts'
import { releases } from './image/release.ts'
import { readState } from './state.ts'
import { users } from './systems.ts'

/** One word of a command line, for the shell's rules that both ssh and Ansible follow. */
const word = (text: string): string => {
  const [name = '', ...value] = text.split('=')
  return /[\s"]/.test(text) ? `${name}=${doubleQuoted(value.join('='))}` : text
}
const doubleQuoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

const hostLine = (name: string, number: number): string =>
  `${name} ansible_host=${addressOf(number)} private_ip=${addressOf(number)}`

const section = (title: string, lines: readonly string[]): string =>
  `[${title}]\n${lines.map((l) => `${l}\n`).join('')}`

/** In `[all:vars]` everything after the first `=` belongs to the value, so nothing is quoted for the file itself. */
const commonVars = (lab: Lab): string =>
  section('all:vars', [
    `ansible_user=${users.admin.name}`,
    `ansible_ssh_private_key_file=${keyFile(lab)}`,
    `ansible_ssh_common_args=${sshOptions(lab)
      .map((option) => `-o ${word(option)}`)
      .join(' ')}`,
    `pg_version=${releases[lab.release].postgresql}`,
    ...Object.entries(passwords(lab)).map(([name, value]) => `${name}=${value}`),
  ])

const head = (lab: Lab): string =>
  [
    `# Written by \`npx hostwright lab up\`: Debian ${lab.release} hosts on this machine. It is written anew each time.`,
    `# ${users.admin.name} has sudo without a password; ${users.operator.name} logs in, and has sudo, with ${users.operator.password}`,
    '',
  ].join('\n')

/** An inventory of the hosts that are there, in the groups of the lab's system. */
export function inventory(lab: Lab): string {
  const { hosts } = readState(lab.folder)
  const groups = Object.entries(lab.plan.groups)
  const lines = Object.entries(hosts).map(([name, number]) => hostLine(name, number))
  const sections = groups.map(([name, members]) =>
    section(
      name,
      members.filter((member) => hosts[member] !== undefined),
    ),
  )
  return [head(lab), ...lines.map((line) => `${line}\n`), '\n', sections.join('\n'), '\n', commonVars(lab)].join('')
}

export function lightInventory(lab: Lab): string {
  const lines = lightHosts(lab).map((host) => hostLine(host, numberOf(lab, host)))
  return [head(lab), section('light', lines), '\n', commonVars(lab)].join('')
}

export const lightInventoryFile = (lab: Lab): string => lab.inventoryFile.replace(/(\.[^./]*)?$/, '-light$1')

/** Holds passwords: nobody else may read it, not even for a moment. */
export function writeInventory(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
}
