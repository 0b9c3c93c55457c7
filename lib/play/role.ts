import type { Read, TObject, TProperties } from '../schema/index.ts'
import { callSite } from './call-site.ts'
import type { ModuleDefaults, Registered } from './data.ts'
import { Chain, type Results } from './chain.ts'
import type { AnyModule } from './defaults.ts'
import { folderOf } from './folder.ts'
import type { Call } from './module.ts'
import type { Role } from './role-data.ts'
import type { Scope } from './scope.ts'

/** The results that a role reads, each named with the module that brings it: `{ version: pg_query }`. */
export type ResultsWanted = Readonly<Record<string, AnyModule>>

/** These results as tasks read them. */
export type ResultsFrom<M extends ResultsWanted> = {
  readonly [K in keyof M]: ReturnType<M[K]> extends Call<infer T> ? Registered<T> : never
}

/** What a role needs of the play that takes it up. */
export interface RoleOptions<P extends TProperties, M extends ResultsWanted, N extends string> {
  /** The variables that the role's tasks read. The play's own schema must have them, with these types. */
  readonly vars?: TObject<P>
  /** The results that the play has registered before, and the role's tasks read. */
  readonly results?: M
  /** The handlers of the play that the role's tasks notify. */
  readonly handlers?: readonly N[]
  /**
   * The folder that has the role's `templates/` and `files/`, as a URL or an absolute path: `new URL('.', import.meta.url)` is that of the file itself. What the role's
   * tasks name is looked up there first, then beside the playbook. Without it, only beside the playbook.
   */
  readonly folder?: string | URL
  /** Default parameters for the calls of the role's tasks and handlers. */
  readonly module_defaults?: ModuleDefaults<Scope<Read<P>, Results>>
}

/**
 * Makes a role: a piece of a play that others take up with `.use(role)`. A play that lacks something that the role needs is an error of the
 * compiler, which names it.
 *
 * @throws HostwrightError of kind `input` when `folder` is neither the URL of a folder nor an absolute path.
 * @example
 * export const webServer = role({ vars: schema({ port: Type.Integer() }), folder: new URL('.', import.meta.url) }, (chain) =>
 *   chain
 *     .handler('reload nginx', () => service({ name: 'nginx', state: 'reloaded' }))
 *     .task('Install nginx', () => pkg({ name: 'nginx' }))
 *     .task('Its port', ({ vars }) => template({ src: 'port.conf.ejs', dest: '/etc/nginx/conf.d/port.conf', vars }), { notify: 'reload nginx' }),
 * )
 */
export function role<
  R2 extends Results,
  H2 extends string,
  P extends TProperties = Record<never, never>,
  M extends ResultsWanted = Record<never, never>,
  const N extends string = never,
>(
  needs: RoleOptions<P, M, N>,
  build: (chain: Chain<Read<P>, ResultsFrom<M>, N>) => Chain<Read<P>, R2, H2>,
): Role<Read<P>, ResultsFrom<M>, N, R2, H2> {
  const { entries, handlers } = build(
    Chain.empty<Read<P>, ResultsFrom<M>, N>(folderOf(needs.folder, callSite())),
  ).under(needs.module_defaults)
  return Object.freeze({ type: 'role', entries, handlers })
}
