import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fileTrouble } from '../../../../../lib/host/files/remote/trouble.ts'

/** What the tools of a host say, and the sentence made of it: the path is named once. */
const sentences: readonly (readonly [said: string, sentence: string])[] = [
  ['cat: write error: No space left on device', 'could not write /srv/f: there is no space left'],
  ['sh: 9: cannot create /srv/f: Read-only file system', 'could not write /srv/f: it is on a read-only file system'],
  [
    "chown: invalid user: 'nobdy'",
    "could not write /srv/f: the owner or group is not known on the host (chown: invalid user: 'nobdy')",
  ],
  ["rm: cannot remove '/srv/f': Permission denied", 'could not write /srv/f: anna may not do this'],
  ["mv: cannot move '/srv/f': Device or resource busy", 'could not write /srv/f: it is in use and cannot be replaced'],
  ['Too many levels of symbolic links', 'could not write /srv/f: the symbolic links there go in a circle'],
  ['Is a directory', 'could not write /srv/f: it is a directory'],
  ['sh: cannot create /srv/f: File name too long', 'could not write /srv/f: the name is too long for its file system'],
  [
    'cat: /srv/f: No such file or directory',
    'could not write /srv/f: it is not there, or a folder on the way to it is missing',
  ],
  ['tool: something else\ntool: no luck', 'could not write /srv/f: tool: no luck'],
  ['', 'could not write /srv/f'],
]

for (const [said, sentence] of sentences)
  test(`${said === '' ? 'silence' : said} is told in one sentence`, () => {
    const trouble = { status: 1, stderr: Buffer.from(said) }
    assert.is(fileTrouble({ name: 'pg1', user: 'anna' }, 'write /srv/f', '/srv/f', trouble).message, sentence)
  })

test.run()
