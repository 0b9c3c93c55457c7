/** A task as both languages have it: the module's name is Ansible's, and so are the parameters. */
export interface Task {
  readonly name: string
  readonly module: 'lineinfile' | 'copy' | 'file' | 'template' | 'user' | 'package' | 'service'
  readonly params: Readonly<Record<string, Value>>
  /** Items of a loop; each stands in the place of `itemMark` in the parameters. */
  readonly loop?: readonly string[]
}

export type Value = string | boolean | readonly string[]

export const itemMark = '@item@'

/** A whole piece of work, and the files of the controller that its tasks name. */
export interface Workload {
  readonly name: string
  readonly tasks: readonly Task[]
  /** Path below `files/` → content. */
  readonly files: Readonly<Record<string, string>>
  readonly templates: readonly Template[]
}

/** A template in both languages, as pieces of text and names of variables. */
export interface Template {
  readonly name: string
  readonly pieces: readonly (string | { readonly variable: TemplateVariable })[]
}

/** What the templates are filled with, beside the host's name. */
export const templateVars = { site: 'example.org', admin: 'ops@example.org', workers: '4' } as const

export type TemplateVariable = 'inventory_hostname' | keyof typeof templateVars
