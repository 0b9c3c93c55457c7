import { defineModule, listOf, Type, unchanged, withDefault } from '../lib/index.ts'
import { nameMatcher } from '../lib/kit/command/guard.ts'

/**
 * What is known of the host. Plays gather it themselves when a task looks at `facts`; this shows it, for example ad hoc.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/setup_module.html
 *
 * @example
 * setup({ filter: 'ansible_distribution*' })
 */
export const setup = defineModule({
  name: 'setup',
  summary: 'Tells what is known of the host.',
  params: {
    filter: withDefault(
      listOf(Type.String(), { description: 'Only facts with such names; `*` stands for anything.' }),
      [],
    ),
    gather_subset: withDefault(
      listOf(Type.String(), { description: 'Taken, but all facts are gathered: they cost one question.' }),
      ['all'],
    ),
  },
  examples: [{ name: 'Which Linux?', params: { filter: 'ansible_distribution*' } }],
  reads: true,
  plan: async ({ filter }, host) => {
    const facts = Object.entries(await host.facts()).map(([name, value]) => [`ansible_${name}`, value] as const)
    const matchers = filter.map((glob) => nameMatcher(glob.startsWith('ansible_') ? glob : `ansible_${glob}`))
    const wanted = facts.filter(([name]) => matchers.length === 0 || matchers.some((matches) => matches(name)))
    return unchanged({ ansible_facts: Object.fromEntries(wanted) })
  },
})
