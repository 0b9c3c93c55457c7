import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../lib/error.ts'
import type { Call } from '../../lib/play/module.ts'
import { authorized_key } from '../../modules/authorized_key.ts'
import { blockinfile } from '../../modules/blockinfile.ts'
import { copy } from '../../modules/copy.ts'
import { known_hosts } from '../../modules/known_hosts.ts'
import { lineinfile } from '../../modules/lineinfile.ts'
import { ssh_keypair } from '../../modules/ssh_keypair.ts'
import { swap } from '../lib/host/files/path-races.ts'
import { withSecondAccount, withVictim, type SecondAccount, type Victim } from '../lib/host/files/second-account.ts'
import { onHost } from './on-host.ts'
import { runCall } from '../../lib/testing/index.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'

/** What root does in the home of another account, the n-th time: always something to change. */
const calls: Readonly<Record<string, (bob: SecondAccount, n: number) => Call<unknown>>> = {
  authorized_key: ({ name }, n) => authorized_key({ user: name, key: `${key} number ${n}` }),
  ssh_keypair: ({ name, home }, n) =>
    ssh_keypair({ path: join(home, '.ssh/id'), owner: name, group: name, comment: `number ${n}` }),
  known_hosts: ({ home }, n) =>
    known_hosts({ name: `db${n}`, key: `db${n} ${key}`, path: join(home, '.ssh/known_hosts') }),
  copy: ({ name, home }, n) => copy({ content: `number ${n}\n`, dest: join(home, '.ssh/config'), owner: name }),
  lineinfile: ({ name, home }, n) =>
    lineinfile({ path: join(home, '.ssh/config'), line: `# ${n}`, create: true, owner: name }),
  blockinfile: ({ name, home }, n) =>
    blockinfile({ path: join(home, '.ssh/config'), block: `# ${n}`, create: true, owner: name }),
}

/** There is no ssh-keygen among busybox's tools. */
const without = { gnu: [], busybox: ['ssh_keypair'] } as const

/** The folder and the files in it become links to what is root's, and the other way round, as fast as the account can; with pauses, in which root gets on. */
const swapping = ({ folder, file }: Victim): string =>
  'select(undef, undef, undef, rand 0.3) if rand() < 0.01;' +
  swap('.ssh', folder) +
  ['authorized_keys', 'id', 'id.pub', 'known_hosts', 'config'].map((name) => swap(`.ssh/${name}`, file)).join('')

/** Each module that many times: being refused is no loss. */
export function moduleRaces(tries: number): void {
  for (const kind of ['gnu', 'busybox'] as const)
    for (const [name, call] of Object.entries(calls).filter(([one]) => !without[kind].some((other) => other === one)))
      test(`${kind}: ${name}: an account that swaps its .ssh and what is in it never makes root write or give away what is root's`, () =>
        withVictim((victim) =>
          withSecondAccount('swap', (bob) =>
            onHost(kind, async (host) => {
              chmodSync(bob.home, 0o755)
              execFileSync('find', [bob.home, '-mindepth', '1', '-delete'])
              bob.run('mkdir .ssh')
              const before = victim.look()
              // Undisturbed it is done: what is refused by itself shows nothing.
              assert.is((await runCall(host, call(bob, 0))).changed, true)
              await bob.racing(swapping(victim), async () => {
                for (let n = 1; n <= tries; n++) {
                  await runCall(host, call(bob, n)).catch((error: unknown) => assert.instance(error, HostwrightError))
                  assert.is(victim.look(), before, `try ${n}`)
                }
              })
            }),
          ),
        ))
}
