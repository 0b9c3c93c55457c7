/** A controller that installs packages and is killed meanwhile: `install-until-killed.ts LAB-ID PACKAGE…`. */
import { pkg } from '../../modules/pkg.ts'
import { labHost } from './on-lab-host.ts'
import { runCall } from '../../lib/testing/index.ts'

const [id, ...name] = process.argv.slice(2)
const { asRoot } = await labHost({ id })
await asRoot((host) => runCall(host, pkg({ name, policy_rc_d: 101 })))
