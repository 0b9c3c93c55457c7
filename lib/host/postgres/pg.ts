import { createRequire } from 'node:module'
import type Pg from 'pg'

let loaded: typeof Pg | undefined

/** The library that speaks PostgreSQL's protocol, loaded when it is first needed: a run that meets no server does without, and others log in to the hosts first. */
export function pg(): typeof Pg {
  return (loaded ??= createRequire(import.meta.url)('pg') as typeof Pg)
}
