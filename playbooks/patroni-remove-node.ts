/** Takes a member out of the cluster: `-e node=pg03`. Its data stays on its host; take the host out of the inventory afterwards. */
import { main, play, playbook } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { debug } from '../modules/debug.ts'
import { patroni_info } from '../modules/patroni_info.ts'
import { patroni_switchover } from '../modules/patroni_switchover.ts'
import { service } from '../modules/service.ts'
import { asRoot, restapi, type Here } from './variables/patroni-variables.ts'
import { haproxyTo } from './roles/haproxy.ts'

/** Whoever stays does the work. */
const firstToStay = ({ vars, group }: Pick<Here, 'vars' | 'group'>) =>
  group('patroni').find(({ name }) => name !== vars.node)?.name

export const handOver = play('Others take over', { hosts: 'patroni', ...asRoot })
  .task('Some member stays', (here) =>
    assert({
      that: {
        'node names a host of the group patroni': here.group('patroni').some(({ name }) => name === here.vars.node),
        'another one stays': firstToStay(here) !== undefined,
      },
    }),
  )
  .task('Who leads', (here) => here.host === firstToStay(here) && patroni_info({ url: restapi(here.vars).url }), {
    register: 'seen',
  })
  .task(
    'Hand the lead over',
    ({ vars, results }) => results.seen?.leader === vars.node && patroni_switchover({ ...restapi(vars) }),
  )

export const proxy = play('HAProxy leads past it', { hosts: 'ns', ...asRoot }).use(
  haproxyTo((name, vars) => name !== vars.node),
)

export const leave = play('It leaves', { hosts: 'patroni', ...asRoot })
  .task(
    'Stop Patroni',
    ({ vars, host }) => host === vars.node && service({ name: 'patroni', state: 'stopped', enabled: false }),
  )
  .task(
    'Report',
    (here) =>
      here.host === firstToStay(here) &&
      debug({
        msg: `${here.vars.node ?? ''} has left; the others forget it after the cluster's ttl, and its data is still there`,
      }),
  )

/**
 * Takes a member out of a cluster: `-e node=pg03`. If it leads, another takes the lead first. Its data stays on its host. Variables: {@link patroniVariables}.
 *
 * @example
 * export { patroniRemoveNode as default } from 'hostwright/playbooks' // npx hostwright run remove-node.ts -i hosts.yml -e node=pg03
 */
const removeNode = playbook('patroni-remove-node', [handOver, proxy, leave])
export default removeNode
await main(import.meta, removeNode)
