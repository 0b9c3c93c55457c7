/** What a mistake of a user is, and what several of them are made with. */
import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import type { Workshop } from '../workshop.ts'

/** A login without sudo. */
export const guest = { name: 'guest', password: 'guest-horse-55' }

export interface Mistake {
  readonly name: string
  /** The tasks of the only play, behind one that leaves a trace on the host. */
  readonly tasks?: string
  /** The whole of the plays instead. */
  readonly plays?: string
  readonly options?: string
  readonly modules?: readonly string[]
  readonly args?: readonly string[]
  /** Edits the inventory; files that the mistake takes are written in `files`. */
  readonly inventory?: (text: string, shop: Workshop) => string
  readonly files?: Readonly<Record<string, string>>
  readonly prepare?: (shop: Workshop) => void
  readonly status: number
  /** What must be said, its place included. */
  readonly says: readonly RegExp[]
  readonly never?: readonly string[]
  /** What `next:` must offer. */
  readonly next: RegExp
  /** Whether hosts may be connected to at all; then what must be left on pg1 (a script and its output). */
  readonly left?: readonly [script: string, output: string]
}

export const touch = `.task('Leave a trace', () => command({ argv: ['touch', '/srv/trace'], creates: '/srv/trace' }))`
export const onPlay = (options: string, tasks: string) =>
  `  play('One', { ${options}, become: true })\n${touch}\n${tasks},`
export const files = ['command', 'copy', 'template']
/** What a run could have left behind. */
export const traces = 'cd /srv && ls -d trace half config nowhere 2>/dev/null || true'
export const wrongVault = 'not-the-vault-password'

export const asUser = (user: { name: string; password: string }) => (text: string) =>
  text
    .replace('ansible_user=admin', `ansible_user=${user.name}`)
    .replace(/ansible_ssh_private_key_file=.*/, `ansible_password=${user.password}`)
export const withKey = (key: string) => (text: string, shop: Workshop) =>
  text.replace(/(ansible_ssh_private_key_file)=.*/, `$1=${shop.path(key)}`)
export const withKnownHosts = (text: string, shop: Workshop) =>
  text.replace(/UserKnownHostsFile=\S+/, `UserKnownHostsFile=${shop.path('known_hosts')}`)
export const encrypt = (shop: Workshop) => {
  shop.write('vault-right', 'the-vault-password\n')
  shop.write('vault-wrong', `${wrongVault}\n`)
  const argv = ['encrypt', '--vault-password-file', shop.path('vault-right'), shop.path('group_vars/all.yml')]
  shop.write('group_vars/all.yml', 'site_token: hunter2-hunter2\n')
  assert.is(spawnSync('ansible-vault', argv).status, 0)
}
