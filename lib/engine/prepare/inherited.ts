import { defined } from '../../defined.ts'
import type { BecomeOptions, BlockData, PlayData } from '../../play/data.ts'

/** What a task inherits: the become keywords of its play and blocks, and whether a block rescues its failure. */
export interface Inherited {
  readonly become: BecomeOptions
  readonly rescued: boolean
  readonly ignoreErrors: boolean
}

export function inheritedFromPlay(play: PlayData): Inherited {
  return { become: play.options, rescued: false, ignoreErrors: false }
}

/** Inside a block's own entries; its rescue and always parts are rescued only by blocks further out. */
export function inheritedInBlock(block: BlockData, outer: Inherited): Inherited {
  return {
    become: { ...outer.become, ...givenBecome(block.options) },
    rescued: outer.rescued || block.rescue.length > 0,
    ignoreErrors: outer.ignoreErrors || block.options.ignore_errors === true,
  }
}

/** The become keywords that are set. */
export function givenBecome(options: BecomeOptions): BecomeOptions {
  return {
    ...defined({ become: options.become, become_user: options.become_user, become_method: options.become_method }),
  }
}
