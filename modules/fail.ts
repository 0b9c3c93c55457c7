import { defineModule, HostwrightError, Type, withDefault } from '../lib/index.ts'

/**
 * Fails, with a message of yours. Give it under a condition.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/fail_module.html
 *
 * @throws always.
 * @example
 * facts.memtotal_mb < 1024 && fail({ msg: 'this host is too small for a database' })
 */
export const fail = defineModule({
  name: 'fail',
  summary: 'Fails with a message.',
  params: { msg: withDefault(Type.String({ description: 'What to say.' }), 'Failed as requested from task') },
  examples: [{ name: 'Not here', params: { msg: 'this host is not meant for that' } }],
  reads: true,
  plan: ({ msg }) => Promise.reject(new HostwrightError(msg, { next: 'the playbook says so itself: see the task' })),
})
