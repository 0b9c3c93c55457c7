import { defineModule, HostwrightError, optional, Type, unchanged, withDefault } from '../lib/index.ts'

/** The forms of an assertion: one condition, several, or several with names. */
export type AssertConditions = boolean | readonly boolean[] | Readonly<Record<string, boolean>>

/**
 * Sees that conditions hold. They are ordinary TypeScript; give them names, so that a failure says which of them does not.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/assert_module.html
 *
 * @throws when one does not hold.
 * @example
 * assert({ that: { 'Debian 12 or later': Number(facts.distribution_major_version) >= 12 } })
 */
export const assert = defineModule({
  name: 'assert',
  summary: 'Sees that conditions hold.',
  params: {
    that: Type.Unsafe<AssertConditions>({ description: 'True or false, a list of that, or a mapping of names to it.' }),
    fail_msg: optional(Type.String({ description: 'What to say when a condition does not hold.' })),
    success_msg: optional(Type.String({ description: 'What to say when all hold.' })),
    quiet: withDefault(Type.Boolean({ description: 'Do not list what holds.' }), false),
  },
  examples: [{ name: 'Arithmetic holds', params: { that: { 'one and one is two': 1 + 1 === 2 } } }],
  check: ({ that }) =>
    entries(that).every(([, holds]) => typeof holds === 'boolean')
      ? []
      : ['"that" must be true or false, a list of that, or a mapping of names to it; compare the values first'],
  reads: true,
  plan: ({ that, fail_msg, success_msg, quiet }) => {
    const [broken] = entries(that).find(([, holds]) => !holds) ?? []
    if (broken !== undefined)
      throw new HostwrightError(fail_msg ?? `it does not hold that: ${broken}`, {
        next: 'see the condition in the playbook, and the values it looks at',
        data: { assertion: broken, evaluated_to: false },
      })
    const msg = success_msg ?? 'All assertions passed'
    const all = quiet ? {} : { assertions: entries(that).map(([name]) => name) }
    return Promise.resolve(unchanged({ msg, ...all }))
  },
})

function entries(that: AssertConditions): readonly (readonly [string, unknown])[] {
  if (Array.isArray(that)) return that.map((holds: unknown, i) => [`condition ${i + 1}`, holds])
  if (that !== null && typeof that === 'object') return Object.entries(that)
  return [['the condition', that]]
}
