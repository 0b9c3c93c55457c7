import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing, LabError } from './command.ts'
import type { Release } from './image/release.ts'
import type { SystemName } from './systems.ts'

/** The state that a lab keeps between commands. Which hosts run is not kept: the machine itself is asked. */
export type State = {
  readonly release?: Release
  readonly system?: SystemName | 'project'
  /** The packages and the release that package.json named when the hosts were made. */
  readonly asked?: { readonly release?: Release | undefined; readonly packages: readonly string[] }
  /** The build the hosts' layers lie on: over another one they would be nonsense. */
  readonly build?: string
  /** Each host's number, of which its address is made. */
  readonly hosts: Readonly<Record<string, number>>
  readonly lights: number
  readonly cut: readonly string[]
  readonly apart: readonly (readonly [string, string])[]
}

export const emptyState: State = { hosts: {}, lights: 0, cut: [], apart: [] }

const fileIn = (folder: string) => join(folder, 'state.json')

export function readState(folder: string): State {
  try {
    return { ...emptyState, ...(JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Partial<State>) }
  } catch (error) {
    if (isMissing(error)) return emptyState
    throw new LabError(
      `${fileIn(folder)} cannot be read: ${String(error)}`,
      'Delete it, then run `npx hostwright lab down`.',
    )
  }
}

export function writeState(folder: string, state: State): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${fileIn(folder)}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${fileIn(folder)}.new`, fileIn(folder))
}

export const changeState = (folder: string, change: (state: State) => State): void =>
  writeState(folder, change(readState(folder)))
