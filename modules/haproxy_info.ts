import {
  defined,
  defineModule,
  mask,
  optional,
  secret,
  Type,
  unchanged,
  Unreadable,
  withDefault,
} from '../lib/index.ts'
import { parseStats, type ProxyStats } from '../lib/kit/haproxy/stats.ts'
import { get, httpUser } from '../lib/kit/http/client.ts'

/** The result of `haproxy_info`. */
export interface HaproxyInfoResult {
  /** By the name of the proxy (`listen`, `frontend`, `backend`). */
  readonly proxies: Readonly<Record<string, ProxyStats>>
}

/**
 * What HAProxy's statistics say of each proxy: its servers, which of them are up, and how many sessions they have.
 *
 * Follows https://docs.haproxy.org/2.6/management.html#9.1 (the statistics page as CSV). It takes python3 on the host.
 *
 * @throws when the page does not answer or does not let one in.
 * @example
 * haproxy_info({ username: 'admin', password: vars.haproxy_stats_password })
 */
export const haproxy_info = defineModule({
  name: 'haproxy_info',
  summary: 'Which servers HAProxy leads to.',
  reads: true,
  waits: true,
  params: {
    url: withDefault(
      Type.String({
        pattern: '^https?://[A-Za-z0-9._:\\[\\]-]+(/[!"$-~]*)?$',
        description: 'The statistics page, as the host sees it.',
      }),
      'http://127.0.0.1:7000/',
    ),
    username: optional(Type.String({ pattern: httpUser, description: 'Who may see it.' })),
    password: optional(secret({ description: 'The password of `username`.' })),
  },
  examples: [{ name: 'Who is up?', params: {} }],
  plan: async ({ url, username, password }, host) => {
    const [response] = await get(host, [{ url: `${url};csv`, username, ...defined({ password }) }])
    if (response?.status === 200) return unchanged<HaproxyInfoResult>({ proxies: parseStats(response.body) })
    const refused = response?.status === 401
    throw new Unreadable(
      refused
        ? `the statistics page at ${url} wants another password`
        : `HAProxy's statistics do not answer at ${url}: ${mask(response?.body.trim() ?? '').slice(0, 200)}`,
      'service',
      {
        host: host.name,
        next: refused ? 'give the username and password of "stats auth"' : 'see why: systemctl status haproxy',
      },
    )
  },
})
