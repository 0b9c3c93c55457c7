/** Checks of the cluster: names and time from ns, one leader and two that stream, switchover and back under a client, settings with and without a restart. */
import { main, play, playbook } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { command } from '../modules/command.ts'
import { debug } from '../modules/debug.ts'
import { haproxy_info } from '../modules/haproxy_info.ts'
import { patroni_config } from '../modules/patroni_config.ts'
import { patroni_info } from '../modules/patroni_info.ts'
import { patroni_switchover } from '../modules/patroni_switchover.ts'
import { pg_db } from '../modules/pg_db.ts'
import { pg_query } from '../modules/pg_query.ts'
import { asRoot, dynamicConfig, restapi, type Here, type Variables } from './variables/patroni-variables.ts'
import { inOrder, listed, shown } from './roles/patroni-list.ts'

const database = 'hostwright_verify'
const once = { run_once: true } as const
const patronictl = command({
  argv: ['patronictl', '-c', '/etc/patroni/config.yml', 'list', '-f', 'json'],
  changes: false,
})

export const names = play('Names and time', { hosts: 'patroni', ...asRoot })
  .task(
    'Names → addresses',
    ({ vars, group }) =>
      [...group('ns'), ...group('patroni')].map(({ name }) =>
        command({ argv: ['getent', '-s', 'dns', 'ahostsv4', `${name}.${vars.dns_domain}`], changes: false }),
      ),
    { register: 'forward' },
  )
  .task(
    'Addresses → names',
    ({ group }) =>
      [...group('ns'), ...group('patroni')].map(({ vars: its }) =>
        command({ argv: ['getent', '-s', 'dns', 'hosts', its.private_ip], changes: false }),
      ),
    { register: 'reverse' },
  )
  .task('Whose time it follows', () => command({ argv: ['chronyc', '-n', '-c', 'sources'], changes: false }), {
    until: (result) => /^\^,\*,/m.test(result.stdout),
    retries: 60,
    delay: 2,
    register: 'time',
  })
  .task('They are right, and the time is that of ns', ({ vars, group, soleHost, results }) => {
    const hosts = [...group('ns'), ...group('patroni')]
    const lines = (list: readonly { readonly stdout: string }[]) => list.map(({ stdout }) => stdout)
    return assert({
      that: {
        'each name leads to its address': hosts.every(({ vars: its }, i) =>
          (lines(results.forward.results)[i] ?? '').startsWith(`${its.private_ip} `),
        ),
        'each address leads to its name': hosts.every(({ name }, i) =>
          (lines(results.reverse.results)[i] ?? '').includes(` ${name}.${vars.dns_domain}`),
        ),
        'the time follows ns': results.time.stdout.includes(`^,*,${soleHost('ns').vars.private_ip},`),
      },
    })
  })

export const before = play('The cluster', { hosts: 'patroni', ...asRoot })
  .task('patronictl list', () => patronictl, {
    ...once,
    // A member tells where it is once in ten seconds.
    until: (result) => inOrder(listed(result.stdout), 0),
    retries: 30,
    delay: 1,
    register: 'list',
  })
  .task(
    'One leads, the others stream',
    ({ group, results }) =>
      assert({
        that: {
          'one leader runs, all others stream, lag 0': inOrder(listed(results.list.stdout), group('patroni').length),
        },
        fail_msg: shown(listed(results.list.stdout)),
      }),
    once,
  )

/** As a client would, from ns: over HAProxy to whoever leads. */
const asClient = (vars: Variables, port = 5000) => ({
  login_host: '127.0.0.1',
  login_port: port,
  login_user: 'postgres',
  login_password: vars.superuser_password,
})
/** HAProxy takes a few checks to see a new leader. */
const patiently = { until: (result: { readonly failed: boolean }) => !result.failed, retries: 45, delay: 2 }
const write = ({ vars }: Pick<Here, 'vars'>, note: string) =>
  pg_query({ query: 'INSERT INTO notes (note) VALUES ($1)', positional_args: [note], db: database, ...asClient(vars) })
const patroniHost = {
  delegate_to: ({ group }: { group: (name: string) => readonly { name: string }[] }) => group('patroni')[0]?.name ?? '',
}

export const handOver = play('Switchover under a client', { hosts: 'ns', ...asRoot })
  .task('A database of our own', ({ vars }) => pg_db({ name: database, ...asClient(vars) }), patiently)
  .task(
    'A table',
    ({ vars }) =>
      pg_query({
        query:
          'CREATE TABLE IF NOT EXISTS notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL)',
        db: database,
        ...asClient(vars),
      }),
    patiently,
  )
  .task('A row before', (here) => write(here, 'before the switchover'), patiently)
  .task('Switchover', ({ vars }) => patroni_switchover({ ...restapi(vars) }), { ...patroniHost, register: 'there' })
  .task('A row under the new leader', (here) => write(here, 'under the new leader'), patiently)
  .task('And back', ({ vars, results }) => patroni_switchover({ ...restapi(vars), candidate: results.there.former }), {
    ...patroniHost,
    register: 'back',
  })
  .task('A row after', (here) => write(here, 'after'), patiently)
  .task(
    'The rows, from a replica',
    ({ vars }) =>
      pg_query({
        query: 'SELECT note, pg_is_in_recovery() AS replica FROM notes ORDER BY id DESC LIMIT 3',
        db: database,
        ...asClient(vars, 5001),
      }),
    {
      until: (result) => !result.failed && result.rows[0]?.['note'] === 'after',
      retries: 45,
      delay: 2,
      register: 'rows',
    },
  )
  .task(
    'Where HAProxy leads',
    ({ vars }) => haproxy_info({ username: vars.haproxy_stats_user, password: vars.haproxy_stats_password }),
    {
      until: (result) => !result.failed && result.proxies['leader']?.up.length === 1,
      retries: 45,
      delay: 2,
      register: 'proxy',
    },
  )
  .task('Nothing is lost, and HAProxy leads right', ({ results }) =>
    assert({
      that: {
        'the rows are there, in order':
          results.rows.rows.map((row) => row['note']).join() === 'after,under the new leader,before the switchover',
        'a replica gave them': results.rows.rows.every((row) => row['replica'] === true),
        'the lead went over and came back':
          results.there.leader !== results.there.former && results.back.leader === results.there.former,
        'HAProxy writes to whoever leads': results.proxy.proxies['leader']?.up.join() === results.back.leader,
      },
    }),
  )

const onAll = (name: string) => ({ query: `SELECT current_setting('${name}') AS value` })

export const settings = play('Settings', { hosts: 'patroni', ...asRoot })
  .task(
    'One that needs no restart',
    ({ vars }) => patroni_config({ ...restapi(vars), settings: { postgresql: { parameters: { work_mem: '5MB' } } } }),
    { ...once, register: 'light' },
  )
  .task('It is in force', ({ vars }) => pg_query({ ...onAll('work_mem'), port: vars.pg_port }), { register: 'workMem' })
  .task(
    'One that does',
    ({ vars }) =>
      patroni_config({
        ...restapi(vars),
        settings: { postgresql: { parameters: { max_connections: 123 } } },
        restart: true,
      }),
    { ...once, register: 'heavy' },
  )
  .task(
    'It is in force after a restart of each',
    ({ vars }) => pg_query({ ...onAll('max_connections'), port: vars.pg_port }),
    { register: 'connections' },
  )
  .task('Both were taken', ({ group, results }) =>
    assert({
      that: {
        'work_mem is 5MB, and nobody waits for a restart':
          results.workMem.rows[0]?.['value'] === '5MB' && results.light.pending_restart.length === 0,
        'max_connections is 123': results.connections.rows[0]?.['value'] === '123',
        'every member was restarted': group('patroni').every(({ name }) => results.heavy.restarted.includes(name)),
      },
    }),
  )
  .task(
    'Back as they were',
    ({ vars }) =>
      patroni_config({
        ...restapi(vars),
        settings: { postgresql: { parameters: { work_mem: null, ...dynamicConfig(vars).postgresql.parameters } } },
        restart: true,
      }),
    once,
  )
  .task('patronictl list', () => patronictl, {
    ...once,
    until: (result) => inOrder(listed(result.stdout), 2),
    retries: 30,
    delay: 2,
    register: 'after',
  })

export const tidy = play('Leave nothing behind', { hosts: 'ns', ...asRoot })
  .task(
    'Drop the database',
    ({ vars }) => pg_db({ name: database, state: 'absent', force: true, ...asClient(vars) }),
    patiently,
  )
  .task('Who leads', ({ vars }) => patroni_info({ url: restapi(vars).url }), { ...patroniHost, register: 'now' })
  .task('Report', ({ results: { now } }) =>
    debug({
      msg: [
        `names and addresses agree, the time is that of ns`,
        `${now.leader} leads; ${now.replicas.join(' and ')} stream`,
        'a client behind HAProxy wrote before, during and after a switchover and back',
        'a setting was taken at once, another after a restart of each member',
      ].join('\n'),
    }),
  )

/**
 * Checks {@link patroni}: names and time, the cluster, a switchover under a client that writes, a setting that changes. Leaves nothing behind. Variables: {@link patroniVariables}.
 *
 * @example
 * export { verifyPatroni as default } from 'hostwright/playbooks' // npx hostwright run verify.ts -i hosts.yml
 */
const verify = playbook('verify-patroni', [names, before, handOver, settings, tidy])
export default verify
await main(import.meta, verify)
