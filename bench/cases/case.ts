import type { Hosts } from '../hosts/hosts.ts'
import type { Command, Cost } from '../measure/measure.ts'
import type { Entry, Race } from '../measure/race.ts'
import type { Tool } from '../tools/tool.ts'

export const forms = ['short', 'full'] as const
/** Short: small sizes and few runs, to see that everything works. Full: what is published. */
export type Form = (typeof forms)[number]

/** What every case works with. */
export interface Stage {
  readonly form: Form
  readonly forks: number
  /** The checkout of hostwright that is measured. */
  readonly library: string
  /** The same as its package has it. */
  readonly packaged: string
  /** For files of this benchmark; has a short path. */
  readonly folder: string
  readonly hosts: Hosts
  /** Whether somebody wants this tool measured. */
  readonly wants: (tool: Tool) => boolean
  /** How many runs are wanted, where a case would take so many. */
  readonly runs: (usual: number) => number
  readonly measure: (command: Command, memory: boolean) => Promise<Cost>
  readonly race: (race: Race) => Promise<readonly Entry[]>
  readonly say: (line: string) => void
}

export interface Case {
  readonly name: string
  readonly title: string
  /** On a quiet machine with two processors. */
  readonly minutes: Readonly<Record<Form, number>>
  readonly run: (stage: Stage) => Promise<readonly Entry[]>
}
