import type { BecomeOptions, BlockData, Entry, TaskData } from '../../play/data.ts'
import type { PlayPlan } from './plays.ts'
import { inheritedInBlock, inheritedFromPlay, type Inherited } from './inherited.ts'

/** A task as it comes when nothing fails: what look-ahead expects. */
export interface Step {
  readonly plan: PlayPlan
  readonly task: TaskData
  readonly become: BecomeOptions
  /** The blocks with a `when` that it lies in, the outermost first. */
  readonly conditions: readonly BlockData[]
}

/** The tasks of a play in their order; what only a failure brings (rescue) and handlers are left out. */
export function stepsOf(plan: PlayPlan): readonly Step[] {
  return inside(plan, plan.entries, inheritedFromPlay(plan.play), [])
}

function inside(
  plan: PlayPlan,
  entries: readonly Entry[],
  inherited: Inherited,
  conditions: readonly BlockData[],
): readonly Step[] {
  return entries.flatMap((entry): readonly Step[] => {
    if (entry.type === 'flush') return []
    if (entry.type === 'task') return [{ plan, task: entry, become: inherited.become, conditions }]
    const own = entry.options.when === undefined ? conditions : [...conditions, entry]
    const inner = inheritedInBlock(entry, inherited)
    return [entry.entries, entry.always].flatMap((part) => inside(plan, part, inner, own))
  })
}
