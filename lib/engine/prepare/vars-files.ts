import { defined } from '../../defined.ts'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { HostwrightError, InputErrors, type Place } from '../../error.ts'
import { readPlainVars } from '../../inventory/plain-vars.ts'
import type { PlayData } from '../../play/data.ts'
import type { RunSettings } from './settings.ts'
import type { Vars } from './vars.ts'

/** What the `vars_files` of a play say. */
export interface PlayFiles {
  readonly vars: Vars
  placeOf(name: string): Place | undefined
}

export const noFiles: PlayFiles = { vars: {}, placeOf: () => undefined }

type Reading = Pick<RunSettings, 'playbook' | 'playbookDir' | 'vaultPasswords' | 'report'>

/** Reads the `vars_files` of all plays; they may be encrypted, whole or value by value. */
export async function readVarsFiles(settings: Reading): Promise<ReadonlyMap<PlayData, PlayFiles>> {
  const found = new Map<PlayData, PlayFiles>()
  const errors: HostwrightError[] = []
  for (const play of settings.playbook.plays)
    try {
      found.set(play, await filesOf(play, settings))
    } catch (error) {
      if (!(error instanceof HostwrightError)) throw error
      errors.push(error)
    }
  if (errors.length > 0) throw new InputErrors(errors)
  return found
}

async function filesOf(play: PlayData, { playbookDir, vaultPasswords, report }: Reading): Promise<PlayFiles> {
  const vars: Record<string, unknown> = {}
  const places = new Map<string, Place>()
  for (const file of play.options.vars_files ?? []) {
    const path = resolve(playbookDir, file)
    if (!existsSync(path)) throw missing(play, file, path)
    const read = await readPlainVars(path, {
      passwords: vaultPasswords ?? [],
      warn: (message, place) => report({ type: 'warning', message, ...defined({ place }) }),
    })
    Object.assign(vars, read.vars)
    for (const [name, { place }] of read.places) places.set(name, place)
  }
  return { vars, placeOf: (name) => places.get(name) }
}

function missing(play: PlayData, file: string, path: string): HostwrightError {
  return new HostwrightError(`vars_files of play "${play.name}": there is no ${file}`, {
    kind: 'input',
    ...defined({ place: play.site.place }),
    next: `make ${path}, or correct the name; it is relative to the playbook`,
  })
}
