import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { FileWriter } from '../../../../lib/host/files/files.ts'
import { withFiles, type Kind } from './hosts-here.ts'
import { withSecondAccount, withVictim, type SecondAccount, type Victim } from './second-account.ts'

/** Puts a link in the place of a name, and the other way round. */
export const swap = (name: string, target: string) =>
  `rename '${name}', '${name}.own'; symlink '${target}', '${name}'; unlink '${name}'; rename '${name}.own', '${name}';`

interface Race {
  /** What bob has before. */
  readonly before: string
  /** What bob does all the time. */
  readonly loop: (victim: Victim) => string
  /** What root does, the n-th time. */
  readonly root: (files: FileWriter, bob: SecondAccount, n: number) => Promise<unknown>
}

const races: Readonly<Record<string, Race>> = {
  'a folder that is made below one that becomes a link': {
    before: 'mkdir d',
    loop: ({ folder }) => swap('d', folder),
    root: (files, { home, name }, n) =>
      files.makeDirectory(join(home, 'd', `new${n}`, 'deep'), { owner: name, mode: '0777' }),
  },
  'a folder that becomes a link as soon as it is made': {
    before: '',
    loop: ({ folder }) => `rename 'd', 'd'.rand; symlink '${folder}', 'd'; unlink 'd';`,
    root: (files, { home, name }) => files.makeDirectory(join(home, 'd/deep'), { owner: name, mode: '0777' }),
  },
  'many folders': {
    before: 'mkdir d',
    loop: ({ folder }) => swap('d', folder),
    root: (files, { home, name }, n) => {
      const paths = ['a', 'a/b', 'c'].map((one) => join(home, 'd', `${n}${one}`))
      return files.makeDirectories(paths, { owner: name, mode: '0777' })
    },
  },
  'a file that is touched': {
    before: 'mkdir d',
    loop: ({ folder }) => swap('d', folder) + swap('d/f', `${folder}/made`),
    root: (files, { home }, n) =>
      Promise.all([files.touch(join(home, 'd', `new${n}`)), files.touch(join(home, 'd/f'))]),
  },
  'a file that gets an owner and a mode': {
    before: 'mkdir d; touch d/secret f',
    loop: ({ folder, file }) => swap('d', folder) + swap('f', file),
    root: (files, { home, name }) =>
      Promise.allSettled(
        ['d/secret', 'f'].map((one) =>
          files.setAttributes(join(home, one), { owner: name, mode: '0666' }, { follow: true }),
        ),
      ),
  },
  'a folder that gets an owner and a mode, with all below': {
    before: 'mkdir -p d/e; touch d/e/secret d/secret',
    loop: ({ folder, file }) => `chmod 0600, 'd/secret', 'd/e/secret'; ${swap('d/e', folder)}${swap('d/secret', file)}`,
    root: (files, { home, name }) =>
      files.setAttributes(join(home, 'd'), { owner: name, mode: 'a+rwX' }, { recurse: true }),
  },
  'a link that is made in a folder': {
    before: 'mkdir d',
    loop: ({ folder }) => swap('d', folder) + swap('l', folder),
    root: (files, { home }, n) =>
      Promise.allSettled([
        files.link(join(home, 'd', `l${n % 2}`), '/', 'symbolic'),
        files.link(join(home, 'l'), '/', 'symbolic'),
      ]),
  },
  'a folder that is removed': {
    before: 'mkdir -p d/e',
    loop: ({ folder }) => `mkdir 'd'; mkdir 'd/e'; ${swap('d/e', folder)}${swap('d', folder)}`,
    root: (files, { home }, n) => files.remove(join(home, n % 2 === 0 ? 'd' : 'd/secret')),
  },
}

/** Each race this many times: being refused is no loss, nor that bob has moved the thing away; that root touched what is root's own is. */
export function racePaths(kind: Kind, tries: number): Promise<void> {
  return withVictim((victim) =>
    withSecondAccount('race', (bob) =>
      withFiles(kind, async (files) => {
        chmodSync(bob.home, 0o755)
        const seen = victim.look()
        for (const [name, race] of Object.entries(races)) {
          execFileSync('find', [bob.home, '-mindepth', '1', '-delete'])
          bob.run(race.before)
          await bob.racing(race.loop(victim), async () => {
            for (let n = 0; n < tries; n++) await race.root(files, bob, n).catch(() => undefined)
          })
          assert.is(victim.look(), seen, name)
        }
      }),
    ),
  )
}
