import { defined } from '../../defined.ts'
import type { Secret } from '../../secret.ts'
import type { Become } from '../connection.ts'
import { Values } from './values.ts'

export interface BecomeSettings {
  readonly become: boolean
  readonly method: Become['method']
  readonly user: string
  readonly password?: Secret
}

export const becomeMethods = ['sudo', 'su', 'doas'] as const satisfies readonly Become['method'][]

/** Who tasks run as, from Ansible's variables. The variables of one method (`ansible_sudo_pass`) come before those of all. */
export function becomeSettings(vars: Readonly<Record<string, unknown>>): BecomeSettings {
  const values = new Values(
    typeof vars['inventory_hostname'] === 'string' ? vars['inventory_hostname'] : 'this host',
    vars,
  )
  const method = values.choice(becomeMethods, 'ansible_become_method') ?? 'sudo'
  const password = values.secret(
    `ansible_${method}_password`,
    `ansible_${method}_pass`,
    'ansible_become_password',
    'ansible_become_pass',
  )
  return {
    become: values.flag('ansible_become') ?? false,
    method,
    user: values.text(`ansible_${method}_user`, 'ansible_become_user') ?? 'root',
    ...defined({ password }),
  }
}
