import { choice, defineModule, optional, Type, withDefault } from '../lib/index.ts'
import { planService, unitParam } from '../lib/kit/services/service-plan.ts'

/**
 * Starts, stops and enables a service that systemd runs. `restarted` is a change each time; `reloaded` starts what does not run. A service that dies at once,
 * or again and again, has not started: the error shows the last lines of its journal.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/service_module.html
 *
 * @throws when the host has no such unit (with the nearest name), when it is masked, when it does not start.
 * @example
 * service({ name: 'postgresql@17-main', state: 'started', enabled: true })
 */
export const service = defineModule({
  name: 'service',
  summary: 'Starts, stops and enables services.',
  params: {
    name: unitParam,
    state: optional(
      choice(['started', 'stopped', 'restarted', 'reloaded'], {
        description: 'Whether the unit runs; `restarted` and `reloaded` do it each time.',
      }),
    ),
    enabled: optional(Type.Boolean({ description: 'Starts at boot.' })),
    daemon_reload: withDefault(
      Type.Boolean({ description: 'First have systemd read unit files that changed.' }),
      false,
    ),
  },
  examples: [
    { name: 'Stopped', params: { name: 'cron', state: 'stopped', enabled: false } },
    { name: 'Running, also after a boot', params: { name: 'cron', state: 'started', enabled: true } },
  ],
  check: ({ state, enabled }) =>
    state === undefined && enabled === undefined ? ['give "state" or "enabled": there is nothing to do otherwise'] : [],
  plan: planService,
})
