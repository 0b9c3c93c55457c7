/** What this project publishes for others: a module, a role that uses it, and a connection. */
import { change, commandTransport, defineModule, role, schema, Type, unchanged, withDefault } from 'hostwright'
import type { ConnectionKind } from 'hostwright'
import { pkg } from 'hostwright/modules'

export const motd = defineModule({
  name: 'motd',
  summary: 'The text that greets whoever logs in.',
  params: {
    /** The text. */
    text: Type.String({ description: 'The text.' }),
    /** Its file. */
    path: withDefault(Type.String({ description: 'Its file.' }), '/etc/motd'),
  },
  examples: [{ name: 'A greeting', params: { text: 'Welcome' } }],
  plan: async ({ text, path }, host) => {
    const now = (await host.files.read(path))?.toString() ?? ''
    const wanted = `${text}\n`
    if (now === wanted) return unchanged({ path })
    return change({
      diff: [{ of: path, before: now, after: wanted }],
      result: { path },
      apply: async (host) => {
        await host.files.write(path, Buffer.from(wanted), { mode: '0644' })
      },
    })
  },
})

export const greeter = role({ vars: schema({ greeting: Type.String() }) }, (chain) =>
  chain
    .task('Its program', () => pkg({ name: 'figlet' }))
    .task('Its greeting', ({ vars }) => motd({ text: vars.greeting, path: '/srv/greeting' })),
)

/** The system's ssh, with nothing but what the inventory says. */
export const plainSsh = {
  open: ({ host, address, user, vars }) => {
    const [key, options] = [vars['ansible_ssh_private_key_file'], vars['ansible_ssh_common_args']]
    const login = ['-i', String(key), `${String(user)}@${address}`, 'sh']
    return commandTransport(host, ['sh', '-c', `exec ssh ${String(options)} "$@"`, 'sh', ...login])
  },
} satisfies ConnectionKind
