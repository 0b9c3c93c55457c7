import type { Params } from './places.ts'

/** How one module is tried with values of every kind. */
export interface Entry {
  /** Parameters that are good, by which what else is in them is tried: the module's own examples, where these go through on this machine. */
  readonly good: (folder: string) => readonly Params[]
  /** What is added to the first of them for a parameter that none of them has. */
  readonly also?: (folder: string) => Readonly<Record<string, Params>>
  /** Parameters that are code or a pattern by their meaning: each with the reason why any text is right there. */
  readonly code?: Readonly<Record<string, string>>
  /** What the host has beforehand, in this folder. */
  readonly prepare?: (folder: string) => void
  /** What becomes of a parameter's text, where that is another text or several: in the same order for the good one and for any other. */
  readonly becomes?: Readonly<Record<string, (text: string) => readonly string[]>>
  /** Texts with a meaning of their own: the parameters that say the same, with which the host must be asked the same. */
  readonly otherwise?: Readonly<Record<string, (text: string) => Params | undefined>>
  /** The formats of the files that are written, by what is in their paths; `<input>` is what a program reads. */
  readonly reads?: Readonly<Record<string, string>>
}

export type Table = Readonly<Record<string, Entry>>
