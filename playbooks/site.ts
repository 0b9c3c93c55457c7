/** Everything: replication, and backups of it. `npx tsx playbooks/site.ts --check --diff` says first what it would do. */
import { main, playbook } from '../lib/index.ts'
import backup from './backup.ts'
import replication from './replication.ts'

const site = playbook('site', [replication, backup])
export default site
await main(import.meta, site)
