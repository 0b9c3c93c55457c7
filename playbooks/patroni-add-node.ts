/** Takes a host that is new in the inventory's group `patroni` into a cluster that stands: `-e node=pg04`. */
import { main, play, playbook } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { patroni_info } from '../modules/patroni_info.ts'
import { asRoot, etcdHosts, restapi } from './variables/patroni-variables.ts'
import cluster from './patroni.ts'

/** A member that cannot find its cluster would make one of its own. */
export const stands = play('The cluster stands', { hosts: 'patroni', ...asRoot })
  .task('Who leads', ({ vars, host }) => host !== vars.node && patroni_info({ url: restapi(vars).url }), {
    register: 'seen',
  })
  .task('It can take a member', (here) => {
    const { vars, host, group, results } = here
    return (
      host !== vars.node &&
      assert({
        that: {
          'node names a host of the group patroni': group('patroni').some(({ name }) => name === vars.node),
          'node runs no etcd (add the member to etcd by hand first)': !etcdHosts(here).some(
            ({ name }) => name === vars.node,
          ),
          'the cluster has a leader': (results.seen?.leader ?? '') !== '',
        },
      })
    )
  })

/**
 * Takes a host that is new in the group `patroni` into a cluster that runs: `-e node=pg04`. Then it is {@link patroni}. Variables: {@link patroniVariables}.
 *
 * @example
 * export { patroniAddNode as default } from 'hostwright/playbooks' // npx hostwright run add-node.ts -i hosts.yml -e node=pg04
 */
const addNode = playbook('patroni-add-node', [stands, cluster])
export default addNode
await main(import.meta, addNode)
