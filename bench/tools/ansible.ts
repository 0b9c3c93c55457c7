import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../measure/measure.ts'
import { loginTimeout, type Run } from './hostwright.ts'
import type { Ansible } from './tool.ts'

const mitogenStrategies = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy'

/**
 * Ansible's settings: shared connections, strict host keys, no facts that nobody asked for. `folder` is short, because a
 * socket's path may have no more than a hundred characters.
 */
export const ansibleConfig = (way: Ansible, folder: string): string => `[defaults]
host_key_checking = True
gathering = explicit
retry_files_enabled = False
local_tmp = ${folder}/local
timeout = ${loginTimeout}
${way === 'mitogen' ? `strategy_plugins = ${mitogenStrategies}\nstrategy = mitogen_linear\n` : ''}
[ssh_connection]
pipelining = ${way === 'ansible' ? 'False' : 'True'}
ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = ${folder}/cp
`

/** Writes Ansible's settings, and gives how to run a playbook with them. */
export function ansible(way: Ansible, folder: string) {
  const own = join(folder, way)
  mkdirSync(own, { recursive: true })
  const config = join(own, 'ansible.cfg')
  writeFileSync(config, ansibleConfig(way, own))
  return ({ playbook, inventory, forks, limit }: Run): Command => ({
    argv: ['/usr/bin/ansible-playbook', '-i', inventory, '-f', String(forks), playbook],
    env: { ANSIBLE_CONFIG: config, ANSIBLE_HOME: own },
    cwd: own,
    limit,
  })
}
