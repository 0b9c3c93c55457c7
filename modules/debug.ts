import { defineModule, HostwrightError, optional, Type, unchanged, withDefault } from '../lib/index.ts'

/**
 * Shows a message, or a variable of the host by its name.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/debug_module.html
 *
 * @throws when the variable is not defined.
 * @example
 * debug({ msg: `the primary is ${groups.primary[0]}` })
 */
export const debug = defineModule({
  name: 'debug',
  summary: 'Shows a message or a variable.',
  params: {
    msg: withDefault(Type.Unknown({ description: 'Text, or any value.' }), 'Hello world!'),
    var: optional(Type.String({ description: 'A variable, or a part of one: `groups.primary[0]`.' })),
    verbosity: withDefault(Type.Integer({ minimum: 0, description: 'Only shown with so many -v.' }), 0),
  },
  examples: [{ name: 'A message', params: { msg: 'all is well' } }],
  check: ({ var: name }) =>
    name === undefined || pathOf(name) !== undefined
      ? []
      : [`"var" must name a variable such as "groups.primary[0]", not ${JSON.stringify(name)}`],
  reads: true,
  plan: ({ msg, var: name, verbosity }, _host, { vars }) => {
    const asked = Number(vars['ansible_verbosity'] ?? 0)
    const result: Record<string, unknown> =
      verbosity > asked
        ? { skipped_reason: 'Verbosity threshold not met.' }
        : name === undefined
          ? { msg }
          : { [name]: lookUp(name, vars) }
    return Promise.resolve(unchanged(result))
  },
})

/** `a.b[0]['c']` as its keys; undefined when it is no such path. */
export function pathOf(text: string): readonly string[] | undefined {
  const keys = [...text.matchAll(/(?:^|\.)([A-Za-z_]\w*)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)]
  if (keys.map(([part]) => part).join('') !== text) return undefined
  return keys.map((key) => key.slice(1).find((part) => part !== undefined) ?? '')
}

function lookUp(name: string, vars: Readonly<Record<string, unknown>>): unknown {
  let value: unknown = vars
  for (const key of pathOf(name) ?? []) {
    const holder = value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {}
    if (!Object.hasOwn(holder, key))
      throw new HostwrightError(`"${name}" is not defined for this host`, { next: 'check the name, or define it' })
    value = holder[key]
  }
  return value
}
