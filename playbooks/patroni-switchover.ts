/** Hands the lead to another member: to `-e node=pg02`, or to whoever Patroni chooses. */
import { main, play, playbook } from '../lib/index.ts'
import { debug } from '../modules/debug.ts'
import { patroni_switchover } from '../modules/patroni_switchover.ts'
import { asRoot, restapi } from './variables/patroni-variables.ts'

export const switchover = play('Switchover', { hosts: 'patroni', ...asRoot })
  .task('Hand over', ({ vars }) => patroni_switchover({ ...restapi(vars), candidate: vars.node }), {
    run_once: true,
    register: 'done',
  })
  .task(
    'Report',
    ({ results: { done } }) =>
      debug({
        msg: done.leader === done.former ? `${done.leader} leads already` : `${done.former} → ${done.leader}`,
      }),
    { run_once: true },
  )

/**
 * Hands the lead of a Patroni cluster to another member: to `-e node=pg02`, or to whoever Patroni chooses. Variables: {@link patroniVariables}.
 *
 * @example
 * export { patroniSwitchover as default } from 'hostwright/playbooks' // npx hostwright run switchover.ts -i hosts.yml -e node=pg02
 */
const switchoverPlaybook = playbook('patroni-switchover', [switchover])
export default switchoverPlaybook
await main(import.meta, switchoverPlaybook)
