/**
 * What the logical cluster is asked to show: rows written on each publisher arrive on all others, on the reader and on its standby; publications and
 * subscriptions are those that are meant; the standby refuses to be written.
 */
import { main, play, playbook } from '../lib/index.ts'
import { postgres } from '../lib/kit/index.ts'
import { assert } from '../modules/assert.ts'
import { debug } from '../modules/debug.ts'
import { pg_query } from '../modules/pg_query.ts'
import { connparams, isPair, leads, published, subscribed, type Published } from './variables/logical-topology.ts'
import { asRoot, everybody } from './variables/logical-variables.ts'
import { whichLeads } from './roles/logical-server.ts'

const nameOf = (one: Published) => postgres.tableSql(postgres.parseTable(one.table)).text
/** Tables are taken to begin with a number that is their key, and a text. */
const columnsOf = ({ columns }: Published) =>
  columns.slice(0, 2).map((column) => postgres.ident(postgres.columnName(column)).text)
/** All of a table's rows in one word. */
const sumOf = (one: Published) =>
  `(SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM ${nameOf(one)} t)`

export const write = play('Write on each publisher', { hosts: 'publisher', ...asRoot }).task(
  'A row in each of its tables',
  ({ vars, host, group }) =>
    published({ group })
      .filter(({ publisher }) => publisher.name === host)
      .map((one) => {
        const [key = '', text = ''] = columnsOf(one)
        return pg_query({
          query: `INSERT INTO ${nameOf(one)} (${key}, ${text}) SELECT coalesce(max(${key}), 0) + 1, 'written ' || clock_timestamp() FROM ${nameOf(one)}`,
          db: vars.logical_database,
          port: vars.pg_port,
        })
      }),
)

export const read = play('Read everywhere', { hosts: everybody, ...asRoot })
  .use(whichLeads)
  .task(
    'Rows on the publishers',
    ({ vars, group }) =>
      published({ group }).map((one) => {
        const { host, port, user, password, dbname } = connparams(vars, one)
        return pg_query({
          query: `SELECT ${sumOf(one)} AS sum`,
          ...{ login_host: host, login_port: port, login_user: user, login_password: password, login_db: dbname },
        })
      }),
    { register: 'written' },
  )
  .task(
    'The same rows here',
    ({ vars, group, results }) =>
      pg_query({
        query: `SELECT WHERE ${published({ group })
          .map((one, index) => `${sumOf(one)} = $${index + 1}`)
          .join(' AND ')}`,
        positional_args: results.written.results.map(({ rows }) => rows[0]?.['sum']),
        db: vars.logical_database,
        port: vars.pg_port,
      }),
    { until: (result) => result.rowcount === 1, retries: 120, delay: 0.5 },
  )
  .task(
    'Publications and subscriptions',
    ({ vars }) =>
      pg_query({
        query: `SELECT ARRAY(SELECT pubname || ': ' || coalesce((SELECT string_agg(tablename, ',' ORDER BY 1) FROM pg_publication_tables t WHERE t.pubname = p.pubname), '') FROM pg_publication p ORDER BY 1) AS publications,
          ARRAY(SELECT subname || ': ' || array_to_string(subpublications, ',') || ', ' || subslotname || CASE WHEN subenabled THEN '' ELSE ', disabled' END FROM pg_subscription ORDER BY 1) AS subscriptions`,
        db: vars.logical_database,
        port: vars.pg_port,
      }),
    { register: 'listed' },
  )
  .task('They are those that are meant', ({ host, group, soleHost, results }) => {
    const [row] = results.listed.rows
    const own = published({ group }).filter(({ publisher }) => publisher.name === host)
    const same = (found: unknown, meant: readonly string[]) =>
      JSON.stringify(found) === JSON.stringify([...meant].sort())
    return assert({
      that: {
        publications: same(
          row?.['publications'],
          own.map(({ publication, table }) => `${publication}: ${table}`),
        ),
        subscriptions: same(
          row?.['subscriptions'],
          subscribed({ group, soleHost }, host).map((one) => `${one.subscription}: ${one.publication}, ${one.slot}`),
        ),
      },
      fail_msg: `${host} has ${JSON.stringify(row)}`,
    })
  })
  .task(
    'Writing on the standby is refused',
    ({ vars, host, group, soleHost, results }) => {
      const [one] = published({ group })
      return (
        isPair({ soleHost }, host) &&
        !leads({ host, results }) &&
        one !== undefined &&
        pg_query({
          query: `INSERT INTO ${nameOf(one)} (${columnsOf(one)[0] ?? ''}) VALUES (-1)`,
          changes: true,
          db: vars.logical_database,
          port: vars.pg_port,
        })
      )
    },
    {
      // 25006: cannot execute INSERT in a read-only transaction
      failed_when: (result) => !('code' in result) || result.code !== '25006',
      changed_when: () => false,
      register: 'refused',
    },
  )
  .task('Report', ({ host, group, results }) =>
    debug({
      msg: [
        `${host}: the same rows as on the publishers`,
        ...published({ group }).map(({ table, publisher }, index) => {
          const sum = String(results.written.results[index]?.rows[0]?.['sum'] ?? '')
          return `  ${table} of ${publisher.name}: ${sum.split(':')[0] ?? ''} rows`
        }),
        ...(results.refused === undefined ? [] : ['  read-only: an INSERT is refused']),
      ].join('\n'),
    }),
  )

export const tidy = play('Leave nothing behind', { hosts: 'publisher', ...asRoot }).task(
  'The rows go, here and everywhere',
  ({ vars, host, group }) =>
    published({ group })
      .filter(({ publisher }) => publisher.name === host)
      .map((one) =>
        pg_query({
          query: `DELETE FROM ${nameOf(one)} WHERE ${columnsOf(one)[1] ?? ''} LIKE 'written %'`,
          db: vars.logical_database,
          port: vars.pg_port,
        }),
      ),
)

/**
 * Checks {@link logical}: rows written on each publisher arrive everywhere. Leaves nothing behind. Variables: {@link logicalVariables}.
 *
 * @example
 * export { verifyLogical as default } from 'hostwright/playbooks' // npx hostwright run verify.ts -i hosts.yml
 */
const verify = playbook('verify-logical', [write, read, tidy])
export default verify
await main(import.meta, verify)
