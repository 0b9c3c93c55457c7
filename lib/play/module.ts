import type { Host, HostReader } from '../host/host.ts'
import type { Read, TObject, TProperties, Written } from '../schema/index.ts'
import { Type } from '../schema/index.ts'
import { callSite, type CallSite } from './call-site.ts'

/** One thing before and after. Text is shown as a unified diff, attributes as a list of what differs. */
export interface Diff {
  /** What it is about: a path, `role replicator`, `service cron`. */
  readonly of: string
  /** What there is now. */
  readonly before: string | Attributes
  /** What there will be. */
  readonly after: string | Attributes
}
/** Attributes by name, as a diff and a result show them. */
export type Attributes = Readonly<Record<string, unknown>>

/** What a module found and would do. */
export type Plan<R> = Unchanged<R> | Change<R>

/** A plan with nothing to do. */
export interface Unchanged<R> {
  /** Always false: it tells the two kinds of plans apart. */
  readonly changed: false
  /** The result of the task. */
  readonly result: R
}

/** A plan with something to do. */
export interface Change<R> {
  /** Always true: it tells the two kinds of plans apart. */
  readonly changed: true
  /** What would change, as `--diff` shows it; at least one entry. */
  readonly diff: readonly Diff[]
  /** The result as far as it is known before; {@link unknownText} for text that only the change brings. */
  readonly result: R
  /** Makes the change. What it returns replaces the predicted result; nothing keeps it. */
  readonly apply: (host: Host) => Promise<Partial<R> | void>
}

/** What a task's module may read of the machine it is run from, and of its host's variables. */
export interface TaskContext {
  /** The variables of the host, as templates see them (inventory, play and extra variables; `inventory_hostname`, `groups`, `hostvars`). */
  readonly vars: Readonly<Record<string, unknown>>
  /** The files of the controller. */
  readonly controller: Controller
}

/**
 * Files of the controller, looked up in the folder of the task's role, if it names one, and then beside the playbook: `templates/` for templates, `files/` for
 * files, then as given.
 */
export interface Controller {
  /** The absolute path of a file a parameter names; throws an input error that lists the places looked at. */
  find(kind: 'templates' | 'files', name: string): string
  /** The content of a file of the controller. */
  read(path: string): Buffer
}

/** Something to show how a module is called: it documents, and its test runs it. */
export interface Example<P extends TProperties> {
  /** What the example shows, in a few words. */
  readonly name: string
  /** The parameters, as a playbook writes them. */
  readonly params: Written<P>
}

/** What a module is made of. */
export interface ModuleDefinition<P extends TProperties, R> {
  /** Ansible's name for it. */
  readonly name: string
  /** One line: what it brings about. */
  readonly summary: string
  /** The schema of each parameter, under Ansible's name for it. */
  readonly params: P
  /** Calls that the documentation shows and that tests run. */
  readonly examples: readonly Example<P>[]
  /** Only looks, never changes anything; in check mode a missing prerequisite that is pending is no prediction of a change. */
  readonly reads?: boolean | ((params: Read<P>) => boolean)
  /** Its plan waits for something outside of the run: what was read before it has ended may be out of date. */
  readonly waits?: boolean
  /**
   * Several hosts may apply it to one machine at the same time: it may take long, and does not depend on what others do there. Other applies to one machine, by
   * hosts that delegate there, take turns, and each sees what the one before has made.
   */
  readonly concurrent?: boolean
  /** What a schema cannot say of the parameters: each line is a complaint. Pure; called before any host is touched. */
  readonly check?: (params: Read<P>) => readonly string[]
  /** What can be tried on the controller before any host is touched (find files, render templates). Throws input errors. */
  readonly preflight?: (params: Read<P>, task: TaskContext) => void
  /** Reads what is and says what would change. The host here can only be read. */
  readonly plan: (params: Read<P>, host: HostReader, task: TaskContext) => Promise<Plan<R>>
}

/** A module as playbooks call it: `lineinfile({ path: … })` gives a call, which does nothing until the engine takes it. */
export interface Module<P extends TProperties, R> {
  (params: Written<P>): Call<R>
  /** What {@link defineModule} was given. */
  readonly definition: ModuleDefinition<P, R>
  /** The schema of all parameters. */
  readonly schema: TObject<P>
}

/** One call of a module, with the place in the playbook that made it. */
export interface Call<R = unknown> {
  /** The module that is called. */
  readonly module: AnyDefinition
  /** The schema of its parameters. */
  readonly schema: TObject
  /** The parameters as they were written. */
  readonly params: unknown
  /** The line of the playbook that made the call. */
  readonly site: CallSite
  /** Never there; carries the type of the result. */
  readonly result?: R
}

/** A definition whose parameter types are no longer known: what the engine handles. */
export interface AnyDefinition {
  /** Ansible's name for it. */
  readonly name: string
  /** One line: what it brings about. */
  readonly summary: string
  /** The schema of each parameter. */
  readonly params: TProperties
  /** Calls that the documentation shows. */
  readonly examples: readonly { readonly name: string; readonly params: unknown }[]
  /** Whether it only looks, for all calls or for calls with these parameters. */
  readonly reads?: boolean | ((params: never) => boolean)
  /** Whether its plan waits for something outside of the run. */
  readonly waits?: boolean
  /** Whether several hosts may apply it to one machine at the same time. */
  readonly concurrent?: boolean
  /** Complaints about the parameters; see {@link ModuleDefinition}. */
  check?(params: unknown): readonly string[]
  /** What can be tried before any host is touched; see {@link ModuleDefinition}. */
  preflight?(params: unknown, task: TaskContext): void
  /** Reads what is and says what would change. */
  plan(params: unknown, host: HostReader, task: TaskContext): Promise<Plan<unknown>>
}

/**
 * Declares a module. Its parameters, defaults, choices and results carry Ansible's names.
 *
 * @example
 * export const ping = defineModule({
 *   name: 'ping', summary: 'Answers pong.', params: { data: withDefault(Type.String(), 'pong') }, examples: [], reads: true,
 *   plan: async ({ data }) => unchanged({ ping: data }),
 * })
 */
export function defineModule<const P extends TProperties, R extends object>(
  definition: ModuleDefinition<P, R>,
): Module<P, R> {
  const schema = Type.Object(definition.params)
  const call = (params: Written<P>): Call<R> => {
    const made: Call<R> = Object.freeze({
      module: definition as unknown as AnyDefinition,
      schema: schema as unknown as TObject,
      params,
      site: callSite(),
    })
    watched?.push(made)
    return made
  }
  return Object.assign(call, { definition, schema })
}

/** The calls that are made while somebody watches. */
let watched: Call[] | undefined

/** Runs a function, and gives what it gives together with every call that it made on the way. */
export function watchingCalls<T>(work: () => T): { readonly given: T; readonly made: readonly Call[] } {
  const outer = watched
  const made: Call[] = []
  watched = made
  try {
    return { given: work(), made }
  } finally {
    watched = outer
  }
}

/** Does this call only look? */
export function onlyReads({ module, params }: Pick<Call, 'module' | 'params'>): boolean {
  return typeof module.reads === 'function' ? module.reads(params as never) : module.reads === true
}

/** A plan with nothing to do. */
export function unchanged<R>(result: R): Unchanged<R> {
  return { changed: false, result }
}

/** A plan with something to do. */
export function change<R>(plan: Omit<Change<R>, 'changed'>): Change<R> {
  return { changed: true, ...plan }
}

const unknownMark = '\u{F0000}unknown\u{F0000}'

/** Stands for text of a result that only the change itself brings (a key not made yet). A task that is given it is predicted, not planned. */
export function unknownText(what: string): string {
  return `${unknownMark}${what}${unknownMark}`
}

/** Does this value hold {@link unknownText} anywhere? */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(unknownMark)
  if (typeof value === 'function') return holdsUnknown(String(value as unknown))
  if (Array.isArray(value)) return value.some(holdsUnknown)
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsUnknown)
}
