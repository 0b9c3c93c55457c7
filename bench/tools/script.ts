import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sh, type Script } from '../../lib/quote.ts'
import type { Login } from '../hosts/hosts.ts'
import type { Command } from '../measure/measure.ts'

export interface Aim {
  readonly address: string
  readonly port: string
  /** The file of its script. */
  readonly script: string
}

/**
 * The limit: each host gets a script down one ssh login, so many hosts at a time. Scripts travel on standard input, because
 * they may hold passwords.
 */
export function scripts(folder: string, login: Login, aims: readonly Aim[], forks: number, limit: number): Command {
  const list = join(folder, 'aims')
  writeFileSync(list, aims.map(({ address, port, script }) => `${address} ${port} ${script}\n`).join(''))
  const each = sh`exec ssh ${login.options} -p "$2" ${login.user}@"$1" 'sudo -n sh -s' <"$3"`
  return { argv: ['sh', '-c', besides(list, each, forks).text], limit }
}

/** Lines of a file as arguments of a script, side by side; fails when one of them fails. */
const besides = (list: string, each: Script, forks: number): Script =>
  sh`exec xargs -P ${forks} -L 1 sh -c ${each.text} sh <${list}`
