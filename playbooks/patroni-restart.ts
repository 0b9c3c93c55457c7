/** Restarts PostgreSQL on the members one by one, the leader last; with `-e patroni_only_pending=true` only where a setting waits for it. */
import { main, play, playbook } from '../lib/index.ts'
import { patroni_restart } from '../modules/patroni_restart.ts'
import { asRoot, restapi } from './variables/patroni-variables.ts'

export const restart = play('Rolling restart', { hosts: 'patroni', ...asRoot }).task(
  'One by one',
  ({ vars }) => patroni_restart({ ...restapi(vars), pending: vars.patroni_only_pending }),
  { run_once: true },
)

/**
 * Restarts PostgreSQL on the members of a cluster one by one, the leader last; with `-e patroni_only_pending=true` only where a setting waits for it. Variables:
 * {@link patroniVariables}.
 *
 * @example
 * export { patroniRestart as default } from 'hostwright/playbooks' // npx hostwright run restart.ts -i hosts.yml
 */
const rolling = playbook('patroni-restart', [restart])
export default rolling
await main(import.meta, rolling)
