import { choice, defineModule, optional, Type, withDefault } from '../lib/index.ts'
import { planService, unitParam } from '../lib/kit/services/service-plan.ts'

/**
 * Controls systemd's units: as `service`, and masks. `daemon_reload` reads unit files again only when one is newer than systemd's last reading, so that it may stand
 * in a task of its own on a converged host.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/systemd_service_module.html
 *
 * @example
 * systemd({ name: 'patroni', state: 'restarted', daemon_reload: true })
 */
export const systemd = defineModule({
  name: 'systemd',
  summary: "Starts, stops, enables and masks systemd's units.",
  params: {
    name: optional(unitParam),
    state: optional(
      choice(['started', 'stopped', 'restarted', 'reloaded'], {
        description: 'Whether the unit runs; `restarted` and `reloaded` do it each time.',
      }),
    ),
    enabled: optional(Type.Boolean({ description: 'Starts at boot.' })),
    masked: optional(Type.Boolean({ description: 'Cannot be started at all.' })),
    daemon_reload: withDefault(
      Type.Boolean({ description: 'First have systemd read unit files that changed.' }),
      false,
    ),
    no_block: withDefault(Type.Boolean({ description: 'Do not wait until it has started or stopped.' }), false),
    scope: withDefault(
      choice(['system'], { description: 'Units of the machine; those of a user are not supported.' }),
      'system',
    ),
  },
  examples: [
    { name: 'Never', params: { name: 'cron', state: 'stopped', masked: true } },
    { name: 'Again', params: { name: 'cron', state: 'started', masked: false, enabled: true } },
  ],
  check: ({ name, state, enabled, masked, daemon_reload }) =>
    name === undefined && (state !== undefined || enabled !== undefined || masked !== undefined)
      ? ['"name" is required with "state", "enabled" or "masked"']
      : name === undefined && !daemon_reload
        ? ['give "name", or set "daemon_reload"']
        : [],
  plan: planService,
})
