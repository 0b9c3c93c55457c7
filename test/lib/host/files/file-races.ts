import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../../lib/error.ts'
import type { FileToWrite } from '../../../../lib/host/files/files.ts'
import type { FileWriter, WriteOptions } from '../../../../lib/host/files/files.ts'
import { withFiles } from './hosts-here.ts'
import { withSecondAccount, withVictim, type SecondAccount, type Victim } from './second-account.ts'

/**
 * What the other account does as fast as it can, in its own folder: whatever appears there for a moment is swapped for a link to what is root's, and so are the
 * file that root replaces and, from time to time, the folder itself.
 */
const swapping = ({ home }: SecondAccount, { file, folder }: Victim) => `
  my ($d, $file, $folder) = ('${home}/d', '${file}', '${folder}');
  our $n; $n++;
  opendir(my $h, $d) or next;
  my @seen = grep { /^\\..*hostwright/ } readdir $h;
  closedir $h;
  for (@seen) {
    my $p = "$d/$_";
    next if -l $p;
    my $to = -d _ ? $folder : $file;
    if (rename $p, "$d/x$n") { symlink $to, $p; select(undef, undef, undef, 0.002); unlink $p }
  }
  if ($n % 30 == 0) { unlink "$d/f"; symlink $file, "$d/f" }
  if ($n % 30 == 15) { unlink "$d/f"; if (open(my $o, '>', "$d/f")) { print $o 'theirs' } }
  if ($n % 200 == 0) {
    if (rename $d, "$d.away") { symlink $folder, $d; select(undef, undef, undef, 0.002); unlink $d; rename "$d.away", $d }
  }
`

type Way = (files: FileWriter, folder: string) => Promise<unknown>

const written = (path: string, options: WriteOptions): FileToWrite => ({
  path,
  content: { in: 'memory', bytes: Buffer.from('ours') },
  options,
})
const one =
  (options: WriteOptions): Way =>
  (files, folder) =>
    files.write(join(folder, 'f'), Buffer.from('ours'), options)

/** How root writes there, as a playbook gives a file to an account. */
const ways: Readonly<Record<string, (owner: string) => Way>> = {
  'one file': (owner) => one({ owner, mode: '0604' }),
  'many files': (owner) => (files, folder) =>
    files.writeAll(['f', 'g', 'h'].map((name) => written(join(folder, name), { owner, mode: '0604', follow: false }))),
  'a file with a backup': (owner) => one({ owner, mode: '0604', backup: true }),
  'a file that may be written in place': (owner) => one({ owner, mode: '0604', unsafe: true }),
}

/** Root writes that often in each way, and each time what is root's must be as it was. */
export function fileRaces(tries: number): void {
  for (const kind of ['gnu', 'busybox'] as const)
    for (const [name, way] of Object.entries(ways))
      test(`${kind}: ${name}: an account that swaps files and folders never makes root write or give away what is root's`, () =>
        withVictim((victim) =>
          withSecondAccount('race', (bob) =>
            withFiles(kind, async (files) => {
              bob.run('mkdir d')
              const before = victim.look()
              await bob.racing(swapping(bob, victim), async () => {
                for (let i = 0; i < tries; i++) {
                  await way(bob.name)(files, join(bob.home, 'd')).catch((error: unknown) =>
                    assert.instance(error, HostwrightError),
                  )
                  assert.is(victim.look(), before, `try ${String(i + 1)}`)
                }
              })
            }),
          ),
        ))
}
