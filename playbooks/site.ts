/** Everything: replication, and backups of it. `npx tsx playbooks/site.ts --check --diff` says first what it would do. */
import { main, play, playbook } from '../lib/index.ts'
import backup from './backup.ts'
import replication from './replication.ts'
import { barmanPackages } from './roles/barman.ts'
import { serverPackagesAnd } from './roles/server.ts'
import { variables } from './variables/variables.ts'

/** The longest steps run on all hosts at once. */
export const packages = play('Packages', { hosts: 'primary:replica:backup', become: true, vars: variables }).use(
  serverPackagesAnd(({ host, group }) => (group('backup').some(({ name }) => name === host) ? barmanPackages : [])),
)

/**
 * {@link replication}, and {@link backup} of it. Packages are installed on all hosts first, side by side. Variables: {@link backupVariables}.
 *
 * @example
 * export { site as default } from 'hostwright/playbooks' // npx hostwright run site.ts -i hosts.yml
 */
const site = playbook('site', [packages, replication, backup])
export default site
await main(import.meta, site)
