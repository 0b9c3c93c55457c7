/**
 * The settings that all members share, from `pg_settings` and `patroni_dcs`; with `-e patroni_restart=true` members are restarted, one by one, where a
 * setting needs it.
 */
import { main, play, playbook } from '../lib/index.ts'
import { debug } from '../modules/debug.ts'
import { patroni_config } from '../modules/patroni_config.ts'
import { asRoot, dynamicConfig, restapi } from './variables/patroni-variables.ts'

export const settings = play('Settings of the cluster', { hosts: 'patroni', ...asRoot })
  .task(
    'What all members share',
    ({ vars }) => patroni_config({ ...restapi(vars), settings: dynamicConfig(vars), restart: vars.patroni_restart }),
    { run_once: true, register: 'set' },
  )
  .task(
    'Report',
    ({ results: { set } }) =>
      debug({
        msg: [
          `restarted: ${set.restarted.join(', ') || 'none'}`,
          set.pending_restart.length === 0
            ? 'everything is in force'
            : `wait for a restart: ${set.pending_restart.join(', ')} (-e patroni_restart=true)`,
        ].join('\n'),
      }),
    { run_once: true },
  )

/**
 * Sets what all members of a cluster share, `pg_settings` and `patroni_dcs`; `-e patroni_restart=true` restarts members, one by one, where a setting needs it.
 * Variables: {@link patroniVariables}.
 *
 * @example
 * export { patroniConfig as default } from 'hostwright/playbooks' // npx hostwright run config.ts -i hosts.yml
 */
const config = playbook('patroni-config', [settings])
export default config
await main(import.meta, config)
