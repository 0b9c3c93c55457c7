import { defineModule, encode, encodingComplaints, type Plan } from '../lib/index.ts'
import { alterSystemPlan } from '../lib/kit/postgres/conf/alter-system.ts'
import { confFilePlan } from '../lib/kit/postgres/conf/conf-file.ts'
import { confParams, type ConfResult } from '../lib/kit/postgres/conf/conf-params.ts'
import { settingText } from '../lib/kit/postgres/conf/setting.ts'

export type { ConfResult } from '../lib/kit/postgres/conf/conf-params.ts'

/**
 * Settings of a server. Where they are overridden, by ALTER SYSTEM or by a file that is read later, the other place is mended: ALTER SYSTEM RESET, or the
 * line becomes a comment. What the server has not read yet is reloaded; what waits for a restart is told by `restart_required`, until the
 * server is restarted, whoever changed it and whenever.
 *
 * A running server knows its settings: names and values are checked before anything is written, and values compare as it reckons (1GB is 131072 pages of
 * 8kB). When none answers, files alone are judged.
 *
 * @see community.postgresql.postgresql_set, https://www.postgresql.org/docs/current/config-setting.html
 */
export const pg_conf = defineModule({
  name: 'pg_conf',
  summary: 'Settings of a PostgreSQL server, in a file or by ALTER SYSTEM.',
  params: confParams,
  examples: [
    {
      name: 'Ready for standbys',
      params: {
        version: '17',
        settings: { listen_addresses: '*', wal_level: 'replica', max_wal_senders: 10, hot_standby: true },
      },
    },
    { name: 'Kept by the server itself', params: { method: 'alter_system', settings: { work_mem: '16MB' } } },
  ],
  check: ({ settings, version, path, method }) => [
    ...(method === 'file' && version === undefined && path === undefined ? ['"version" or "path" is required'] : []),
    ...Object.keys(settings)
      .filter((name) => !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(name))
      .map((name) => `"settings" has ${JSON.stringify(name)}, which cannot be the name of a setting`),
    ...Object.entries(settings).flatMap(([name, value]) => {
      const text = settingText(value) ?? ''
      if (method === 'alter_system' && /\n/.test(text)) return [`"settings.${name}": ALTER SYSTEM takes no newline`]
      return encodingComplaints(`settings.${name}`, () => encode.postgresqlConf(text))
    }),
  ],
  plan: (wanted, host): Promise<Plan<ConfResult>> => {
    const settings = new Map(Object.entries(wanted.settings).map(([name, value]) => [name, settingText(value)]))
    return wanted.method === 'alter_system'
      ? alterSystemPlan(host, wanted, settings)
      : confFilePlan(host, wanted, settings)
  },
})
