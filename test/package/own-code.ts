/** What a project of a user's own exports for others, of each kind. */
export const own = `import {
  choice, commandTransport, type ConnectionKind, defineModule, listOf, optional, play, playbook, role, schema, secret, Type, unchanged, withDefault,
} from 'hostwright'
import { postgres } from 'hostwright/kit'
import { command, copy, pg_query, service } from 'hostwright/modules'

export const greet = defineModule({
  name: 'greet',
  summary: 'Greets.',
  params: {
    /** Who is greeted. */
    who: Type.String(),
    tone: withDefault(choice(['warm', 'cold']), 'warm'),
    token: optional(secret()),
    others: optional(listOf(Type.String())),
    ...postgres.loginParams,
  },
  examples: [],
  reads: true,
  plan: async ({ who, tone }) => unchanged({ greeting: tone + who }),
})

export const vars = schema({ port: Type.Integer(), token: secret() })

export const webServer = role({ vars: schema({ port: Type.Integer() }), results: { version: pg_query } }, (chain) =>
  chain
    .handler('reload nginx', () => service({ name: 'nginx', state: 'reloaded' }))
    .task('Its port', ({ vars }) => copy({ content: String(vars.port), dest: '/etc/nginx/port' }), { notify: 'reload nginx' })
    .task('Greet', ({ results }) => greet({ who: results.version.statusmessage }), { register: 'greeted' }),
)

export const web = play('Web', { hosts: 'web', vars })
  .task('Ask', () => pg_query({ query: 'SELECT 1' }), { register: 'version' })
  .use(webServer)
  .task('Tell', ({ results }) => command({ argv: ['echo', results.greeted.greeting] }))

export default playbook('site', [web])

export const lxc = {
  open: ({ host, address }) => commandTransport(host, ['lxc-attach', '-n', address, '--', 'sh']),
} satisfies ConnectionKind
`

/** How another file uses what was compiled of it. */
export const user = `import { play, playbook, run, schema, Type } from 'hostwright'
import { pg_query } from 'hostwright/modules'
import site, { greet, lxc, web, webServer } from './out/own.js'

const more = play('More', { hosts: 'all', vars: schema({ port: Type.Integer() }) })
  .task('Ask', () => pg_query({ query: 'SELECT 1' }), { register: 'version' })
  .use(webServer)
  .task('Greet', ({ results }) => greet({ who: results.greeted.greeting, tone: 'cold', login_port: 5433 }), { notify: 'reload nginx' })
  .task('Once more', ({ vars, results }) => vars.port > 80 && greet({ who: results.version.statusmessage }))

export const outcome = run(playbook('all', [site, web, more]), { connections: { lxc } })
`
