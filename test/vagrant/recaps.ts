import { recapOf, type Recap as Whole } from '../../bench/measure/recap.ts'

export type Recap = Whole['hosts']

const colour = /\u001B\[[0-9;]*m/g

/** The recap of each playbook that ran, in the order in which they did. */
export const recaps = (text: string): readonly Recap[] =>
  text
    .replace(colour, '')
    .split(/^PLAY RECAP.*$/m)
    .slice(1)
    .map((part) => recapOf(part).hosts)
