import { defined } from '../../defined.ts'
import { HostwrightError, type Place } from '../../error.ts'
import type { Inventory } from '../../inventory/index.ts'
import type { PlayData } from '../../play/data.ts'
import { validate } from '../../schema/index.ts'
import type { PlayFiles } from './vars-files.ts'
import { memo, type Vars } from './vars.ts'

/** The variables of every host in one play: unchecked as they stand, and checked against the play's schema. */
export interface PlayVariables {
  /** All of a host's variables, the play's and `-e` included. */
  all(host: string): Vars
  /** Those the schema names, typed, secrets wrapped. Throws an input error when the host lacks one or has a wrong one. */
  checked(host: string): Vars
}

export function playVariables(play: PlayData, inventory: Inventory, files: PlayFiles, extraVars: Vars): PlayVariables {
  const playVars = { ...play.options.values, ...files.vars }
  const over = { play: playVars, extra: extraVars }
  const all = memo((host: string): Vars => inventory.vars(host, over))
  const placeOf = (host: string, name: string): Place | undefined =>
    name in extraVars || (name in playVars && files.placeOf(name) === undefined)
      ? play.site.place
      : (files.placeOf(name) ?? inventory.placeOf(host, name))
  return {
    all,
    checked: memo((host) => {
      refuseUnresolved(play, host, inventory.unresolved(host, over))
      return checkedVars(play, host, all(host), (name) => placeOf(host, name))
    }),
  }
}

/** A reference that could not be followed is an error for a variable that the play uses. */
function refuseUnresolved(play: PlayData, host: string, unresolved: ReturnType<Inventory['unresolved']>): void {
  const used = unresolved.find(({ variable }) => variable in (play.options.vars?.properties ?? {}))
  if (used === undefined) return
  throw new HostwrightError(`variable "${used.variable}": ${used.reason}`, {
    kind: 'input',
    host,
    place: used.place,
    next: 'write the value out, or compute it in the playbook',
  })
}

function checkedVars(play: PlayData, host: string, vars: Vars, placeOf: (name: string) => Place | undefined): Vars {
  const schema = play.options.vars
  if (schema === undefined) return {}
  const checked = validate(schema, vars, undefined)
  if (checked.ok) return checked.value
  const [first] = checked.problems
  const name = first?.property.split(/[.[]/)[0] ?? ''
  const missing = !(name in vars)
  const place = missing ? play.site.place : placeOf(name)
  const messages = checked.problems.map((problem) =>
    problem.property in vars || /[.[]/.test(problem.property)
      ? `variable ${problem.message}`
      : `variable "${problem.property}" is not set`,
  )
  throw new HostwrightError(`${messages.join('; ')} (play "${play.name}")`, {
    kind: 'input',
    host,
    ...defined({ place }),
    next: missing ? `set it in the inventory, in group_vars/ or host_vars/, or with -e ${name}=…` : 'mend its value',
  })
}
