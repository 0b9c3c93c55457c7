import { LabError } from '../command.ts'
import { isRunning } from './host.ts'
import type { Lab } from '../lab.ts'
import { partition, rejoin, setCable } from './network.ts'
import { numberOf } from './roster.ts'
import { changeState, readState } from '../state.ts'

const without = (list: readonly string[], gone: string): readonly string[] => list.filter((name) => name !== gone)
const isPair = (pair: readonly string[], one: string, other: string) => pair.includes(one) && pair.includes(other)

/** Pulls the network cable. It stays out over reboots and power cuts. */
export async function cut(lab: Lab, host: string): Promise<void> {
  const number = numberOf(lab, host)
  changeState(lab.folder, (state) => ({ ...state, cut: [...without(state.cut, host), host] }))
  if (isRunning(lab, host)) await setCable(lab, number, 'down')
}

export async function heal(lab: Lab, host: string): Promise<void> {
  const number = numberOf(lab, host)
  changeState(lab.folder, (state) => ({ ...state, cut: without(state.cut, host) }))
  if (isRunning(lab, host)) await setCable(lab, number, 'up')
}

/** Two hosts no longer reach each other; both still reach all others. */
export async function part(lab: Lab, one: string, other: string): Promise<void> {
  const numbers = [numberOf(lab, one), numberOf(lab, other)] as const
  if (one === other) throw new LabError(`${one} cannot be parted from itself.`)
  changeState(lab.folder, (state) => ({
    ...state,
    apart: [...state.apart.filter((pair) => !isPair(pair, one, other)), [one, other]],
  }))
  if (isRunning(lab, one)) await partition(lab, one, numbers[1])
  if (isRunning(lab, other)) await partition(lab, other, numbers[0])
}

export async function join(lab: Lab, one: string, other: string): Promise<void> {
  const numbers = [numberOf(lab, one), numberOf(lab, other)] as const
  changeState(lab.folder, (state) => ({ ...state, apart: state.apart.filter((pair) => !isPair(pair, one, other)) }))
  if (isRunning(lab, one)) await rejoin(lab, one, numbers[1])
  if (isRunning(lab, other)) await rejoin(lab, other, numbers[0])
}

export const isCut = (lab: Lab, host: string): boolean => readState(lab.folder).cut.includes(host)

/** A host that starts finds the network as cut and parted as it is. */
export async function restoreFaults(lab: Lab, host: string): Promise<void> {
  if (isCut(lab, host)) await setCable(lab, numberOf(lab, host), 'down')
  for (const pair of readState(lab.folder).apart) {
    const [other] = pair.includes(host) ? pair.filter((name) => name !== host) : []
    if (other !== undefined) await partition(lab, host, numberOf(lab, other))
  }
}

/** A host that is made anew has its cable in and reaches everybody. */
export const forgetFaults = (lab: Lab, hosts: readonly string[]): void =>
  changeState(lab.folder, (state) => ({
    ...state,
    cut: state.cut.filter((host) => !hosts.includes(host)),
    apart: state.apart.filter((pair) => !pair.some((host) => hosts.includes(host))),
  }))
