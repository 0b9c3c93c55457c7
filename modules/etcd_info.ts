import { defineModule, listOf, Type, unchanged, Unreadable, withDefault } from '../lib/index.ts'
import { askEtcd, type EtcdCluster } from '../lib/kit/etcd/cluster.ts'
import { rootUrl } from '../lib/kit/http/client.ts'
import { until } from '../lib/kit/wait/until.ts'

/**
 * An etcd cluster as the host sees it: its members, who leads it, and whether it takes writes. An etcd that does not answer is an answer
 * (`healthy: false`, and `reason`), not an error, unless `healthy` is asked for.
 *
 * Follows https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/ and /health. It takes python3 on the host.
 *
 * @throws with `healthy`, when no endpoint is healthy within `timeout`, with the reason of each.
 * @example
 * etcd_info({ endpoints: ['http://127.0.0.1:2379'] })
 */
export const etcd_info = defineModule({
  name: 'etcd_info',
  summary: 'The members of an etcd cluster, and how they are.',
  reads: true,
  waits: true,
  params: {
    endpoints: withDefault(
      listOf(Type.String({ pattern: rootUrl }), { description: 'Where its members listen for clients.' }),
      ['http://127.0.0.1:2379'],
    ),
    healthy: withDefault(Type.Boolean({ description: 'Fail when it is not.' }), false),
    timeout: withDefault(Type.Integer({ minimum: 0, description: 'Seconds to give it for that.' }), 10),
  },
  examples: [{ name: 'Is it well?', params: { healthy: true } }],
  plan: async ({ endpoints, healthy, timeout }, host) => {
    const look = async () => askEtcd(host, endpoints)
    let last: EtcdCluster = await look()
    if (healthy && !last.healthy) {
      const { found } = await until(
        async () => {
          last = await look()
          return last.healthy ? last : undefined
        },
        { delay: 1, sleep: 2, timeout },
      )
      if (found === undefined)
        throw new Unreadable(`etcd is not healthy: ${last.reason}`, 'service', {
          host: host.name,
          next: 'see why on the hosts of etcd: systemctl status etcd, journalctl -u etcd',
          data: { endpoints },
        })
    }
    return unchanged<EtcdCluster>(last)
  },
})
