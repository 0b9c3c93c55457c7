// needs: python3 cron openssh-client bind9-utils
/** Values in the parameters of modules that write files: each is one entry of its format, read back as itself, or is refused. */
import { test } from 'uvu'
import { files } from './of-files.ts'
import { tryEach } from './try-each.ts'

tryEach(files)
test.run()
