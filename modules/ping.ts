import { defineModule, HostwrightError, raw, Type, unchanged, withDefault } from '../lib/index.ts'

/**
 * Sees whether the host can be logged in to and answers; not an ICMP ping.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/ping_module.html
 *
 * @throws when `data` is `crash`, as Ansible's does, to try out how a failure looks.
 * @example
 * ping({})
 */
export const ping = defineModule({
  name: 'ping',
  summary: 'Sees whether the host answers.',
  params: { data: withDefault(Type.String({ description: 'What it answers.' }), 'pong') },
  examples: [{ name: 'Are you there?', params: {} }],
  reads: true,
  plan: async ({ data }, host) => {
    if (data === 'crash') throw new HostwrightError('boom', { next: 'ask for other data' })
    await host.ask(raw('true'))
    return unchanged({ ping: data })
  },
})
