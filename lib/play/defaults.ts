import type { TProperties } from '../schema/index.ts'
import type { AnyDefinition, Call } from './module.ts'

/** Parameters that calls of these modules get when they do not set them; made by {@link defaults}. */
export interface Defaults {
  /** The modules they are for. */
  readonly modules: readonly AnyDefinition[]
  /** The values, by parameter. */
  readonly params: Readonly<Record<string, unknown>>
}

/** A module of any parameters. */
export interface AnyModule {
  (params: never): Call
  /** What the module was made of. */
  readonly definition: { readonly name: string; readonly params: TProperties }
}

/** The parameters that all of these modules have, each of which may be left out. */
export type SharedParams<M extends AnyModule> = { readonly [K in keyof Parameters<M>[0]]?: Parameters<M>[0][K] }

/**
 * Default parameters for calls of some modules: the keyword `module_defaults` of a play, role, block or task takes a list of them. A parameter that the
 * call sets wins. A default of a task wins over one of its block, and that over one of its role or play.
 *
 * @param modules The modules. A parameter that one of them does not have is an error of the compiler.
 * @param params The parameters, as the modules take them. They are checked with each call, before a host is touched.
 *
 * @example
 * play('Databases', { hosts: 'db', vars, module_defaults: ({ vars }) => [defaults([pg_user, pg_db], { port: vars.pg_port })] })
 */
export function defaults<const M extends AnyModule>(modules: readonly M[], params: SharedParams<M>): Defaults {
  const definitions = modules.map(({ definition }) => definition as AnyDefinition)
  return Object.freeze({ modules: definitions, params })
}

/** The call with what it leaves out taken from these defaults; the last ones win. */
export function withDefaults(call: Call, all: readonly Defaults[]): Call {
  const own = all.filter(({ modules }) => modules.includes(call.module))
  if (own.length === 0) return call
  const written = Object.entries(call.params ?? {}).filter(([, value]) => value !== undefined)
  return { ...call, params: Object.fromEntries([...own.flatMap(({ params }) => Object.entries(params)), ...written]) }
}
