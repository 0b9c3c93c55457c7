import { defined } from '../../defined.ts'
import type { ConnectionKind, ConnectionTarget } from '../connection-kind.ts'
import type { CommandLineDefaults } from './defaults.ts'
import { checkNames, loginVariables } from './login.ts'
import type { Values } from './values.ts'

/** The kind of this name that the run brings, if any. */
export function customKind(name: string, { kinds: brought = {} }: CommandLineDefaults): ConnectionKind | undefined {
  return Object.hasOwn(brought, name) ? brought[name] : undefined
}

export function customTarget(
  host: string,
  vars: Readonly<Record<string, unknown>>,
  values: Values,
  defaults: CommandLineDefaults,
): ConnectionTarget {
  const { alias: address, port, user, password } = loginVariables(host, values, defaults)
  checkNames(host, { alias: address, user, port })
  return {
    host,
    address,
    vars,
    ...defined({ port, user, password }),
  }
}
