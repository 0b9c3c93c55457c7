import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { unreadableFile } from '../../unreadable-file.ts'
import type { Controller } from '../../play/module.ts'

/** The controller's files as a task finds them that is written in a role or play with this folder. */
export type ControllerIn = (folder?: string) => Controller

/**
 * Looks files up as Ansible does: `templates/` or `files/` of the role's folder, that folder, the same beside the playbook, and one folder up. What was read
 * once is kept for the run, so that all hosts get the same.
 */
export function controllerAt(playbookDir: string): ControllerIn {
  const contents = new Map<string, Buffer>()
  const found = new Map<string, string>()
  return (folder) => ({
    find(kind, name) {
      const key = JSON.stringify([kind, name, folder])
      const known = found.get(key) ?? search(kind, name, playbookDir, folder)
      found.set(key, known)
      return known
    },
    read(path) {
      const known = contents.get(path) ?? contentOf(path)
      contents.set(path, known)
      return known
    },
  })
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const { what, next } = unreadableFile(error)
    throw new HostwrightError(`${path} ${what}`, { kind: 'input', next })
  }
}

type Kind = 'templates' | 'files'

function search(kind: Kind, name: string, playbookDir: string, folder: string | undefined): string {
  const places = placesOf(kind, name, playbookDir, folder)
  const path = places.find((place) => existsSync(place))
  if (path !== undefined) return name.endsWith('/') && !path.endsWith('/') ? `${path}/` : path
  // A role may be a package's, where nobody else can put anything.
  const wanted = isAbsolute(name) ? name : resolve(playbookDir, kind, name)
  const others = places.filter((place) => place !== wanted)
  throw new HostwrightError(`there is no ${kind === 'templates' ? 'template' : 'file'} "${name}"`, {
    kind: 'input',
    next: `put it at ${wanted}, or correct the name; ${others.length > 0 ? `other places it was looked for: ${others.join(', ')}` : 'nothing is there'}`,
  })
}

function placesOf(kind: Kind, name: string, playbookDir: string, folder: string | undefined): readonly string[] {
  if (isAbsolute(name)) return [name]
  const own = folder === undefined ? [] : [resolve(folder, kind), folder]
  const beside = [resolve(playbookDir, kind), playbookDir, resolve(playbookDir, '..', kind)]
  return [...new Set([...own, ...beside].map((one) => resolve(one, name)))]
}
