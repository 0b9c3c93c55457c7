import { Unreadable } from '../../host/unreadable.ts'
import type { Plan } from '../../play/module.ts'
import { destinationOf } from './destination.ts'
import { planLinked } from './linked.ts'
import { conflict, kindOf, resultOf, type FileResult, type Sight } from './sight.ts'
import { attributeStep, planOf, recursiveStep, stateStep, timeStep } from './steps.ts'

/** The values of the parameter `state` of `file`. */
export const states = ['file', 'directory', 'absent', 'link', 'hard', 'touch'] as const
/** A value of the parameter `state` of `file`. */
export type State = (typeof states)[number]

/** How each state is brought about. */
export const planState: Readonly<Record<State, (sight: Sight) => Promise<Plan<FileResult>>>> = {
  /** Sets the attributes of a file that must be there. */
  file: async (sight) => {
    const { host, params, times } = sight
    const stat = params.follow ? sight.target : sight.stat
    if (stat === undefined)
      throw new Unreadable(`there is no file ${params.path}`, 'file', {
        host: host.name,
        next: "make it in an earlier task (copy, template), or write state: 'touch' or 'directory'",
      })
    if (stat.type === 'directory' || stat.type === 'link') throw conflict(sight, 'file')
    const attributes = await attributeStep(host, params.path, stat, params, params.follow)
    return planOf([attributes, timeStep(params.path, times)], await resultOf(sight, 'file', stat))
  },

  /** Makes a directory with its parents, or sets its attributes. */
  directory: async (sight) => {
    const { host, params, times } = sight
    const { path } = params
    const stat = params.follow ? sight.target : sight.stat
    if (stat === undefined) {
      if (sight.stat !== undefined) throw conflict(sight, 'directory')
      const made = stateStep(path, 'absent', 'directory', ({ files }) => files.makeDirectory(path, params))
      return planOf([made], await resultOf(sight, 'directory', undefined))
    }
    if (stat.type !== 'directory') throw conflict(sight, 'directory')
    const [attributes, below] = await Promise.all([
      attributeStep(host, path, stat, params, params.follow),
      params.recurse
        ? recursiveStep(host, params.follow ? await destinationOf(host.files, path, sight.stat) : path, params)
        : undefined,
    ])
    return planOf([attributes, below, timeStep(path, times)], await resultOf(sight, 'directory', stat))
  },

  /** Removes what is at the path, with all it holds. */
  absent: ({ params: { path }, stat }) => {
    const gone = stat && stateStep(path, kindOf(stat), 'absent', ({ files }) => files.remove(path))
    return Promise.resolve(planOf([gone], { path, state: 'absent' }))
  },

  /** Makes an empty file, or sets the times of what is there. */
  touch: async (sight) => {
    const { host, params, times } = sight
    const { path } = params
    const stat = params.follow ? sight.target : sight.stat
    if (stat === undefined) {
      const made = stateStep(path, 'absent', 'file', async ({ files }) => {
        await files.touch(path)
        if (params.owner ?? params.group ?? params.mode) await files.setAttributes(path, params, { follow: true })
      })
      return planOf([made], { ...(await resultOf(sight, 'file', undefined)), dest: path })
    }
    const attributes = await attributeStep(host, path, stat, params, params.follow)
    const result = await resultOf(sight, kindOf(stat), stat)
    return planOf([attributes, timeStep(path, times)], { ...result, dest: path })
  },

  /** Makes a symbolic link. */
  link: planLinked.link,
  /** Makes a hard link. */
  hard: planLinked.hard,
}
