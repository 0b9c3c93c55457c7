/** A controller that clones slowly and is killed meanwhile: `clone-until-killed.ts LAB-ID VERSION PRIMARY`. */
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { pg_basebackup } from '../../modules/pg_basebackup.ts'
import { labHost } from './on-lab-host.ts'
import { runCall } from '../../lib/testing/index.ts'

/** Some eight seconds long. */
export const slowClone = (of: { readonly version: string; readonly host: string }) =>
  pg_basebackup({ ...of, user: 'replicator', password: 'it: is\\ a secret', slot: 'h2', max_rate: '4M' })

const [, self = '', id = '', version = '', host = ''] = argv
if (self === fileURLToPath(import.meta.url)) {
  const { asRoot } = await labHost({ id }, 'h2')
  await asRoot((standby) => runCall(standby, slowClone({ version, host })))
}
