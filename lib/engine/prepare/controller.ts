import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { packageRoot } from '../../package-root.ts'
import { unreadableFile } from '../../unreadable-file.ts'
import type { Controller } from '../../play/module.ts'

/**
 * Looks files up as Ansible does: `templates/` or `files/` beside the playbook, the playbook's folder, and one folder up; last the templates that come with
 * the library. What was read once is kept for the run, so that all hosts get the same.
 */
export function controllerAt(playbookDir: string): Controller {
  const contents = new Map<string, Buffer>()
  const found = new Map<string, string>()
  return {
    find(kind, name) {
      const key = `${kind}:${name}`
      const known = found.get(key) ?? search(kind, name, playbookDir)
      found.set(key, known)
      return known
    },
    read(path) {
      const known = contents.get(path) ?? contentOf(path)
      contents.set(path, known)
      return known
    },
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const { what, next } = unreadableFile(error)
    throw new HostwrightError(`${path} ${what}`, { kind: 'input', next })
  }
}

function search(kind: 'templates' | 'files', name: string, playbookDir: string): string {
  const folders = [
    resolve(playbookDir, kind),
    playbookDir,
    resolve(playbookDir, '..', kind),
    resolve(packageRoot, kind),
  ]
  const places = isAbsolute(name) ? [name] : folders.map((folder) => resolve(folder, name))
  const path = places.find((place) => existsSync(place))
  if (path !== undefined) return name.endsWith('/') && !path.endsWith('/') ? `${path}/` : path
  throw new HostwrightError(`there is no ${kind === 'templates' ? 'template' : 'file'} "${name}"`, {
    kind: 'input',
    next: `put it at ${places[0] ?? name}, or correct the name; ${places.length > 1 ? `other places it was looked for: ${[...new Set(places.slice(1))].join(', ')}` : 'nothing is there'}`,
  })
}
