import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formatMode, resolveMode } from '../../../../lib/host/files/mode.ts'
import { inFolder } from '../../../../lib/testing/index.ts'

const file = { directory: false, umask: 0o022 }
const directory = { directory: true, umask: 0o022 }

const cases: readonly (readonly [mode: string, current: number, base: typeof file, wanted: number])[] = [
  ['0644', 0o777, file, 0o644],
  ['644', 0o777, file, 0o644],
  ['01777', 0, directory, 0o1777],
  ['0755', 0o2755, directory, 0o755],
  ['u=rw,g=r,o=', 0o777, file, 0o640],
  ['u=rwX,go=rX', 0o600, file, 0o644],
  ['u=rwX,go=rX', 0o700, file, 0o755],
  ['u=rwX,go=rX', 0o600, directory, 0o755],
  ['a+X', 0o644, file, 0o644],
  ['a+X', 0o744, file, 0o755],
  ['u+s', 0o755, file, 0o4755],
  ['g+s', 0o755, directory, 0o2755],
  ['+t', 0o777, directory, 0o1777],
  ['u=rw-x+X', 0o755, file, 0o755],
  ['g=u', 0o640, file, 0o660],
  ['o=g-w', 0o664, file, 0o664],
  ['+w', 0o444, file, 0o644],
  ['a+w', 0o444, file, 0o666],
  ['=r', 0o777, file, 0o444],
  ['ug+x,o-r', 0o644, file, 0o750],
]
for (const [mode, current, base, wanted] of cases)
  test(`${mode} on ${formatMode(current)} of a ${base.directory ? 'directory' : 'file'}`, () => {
    assert.is(formatMode(resolveMode(mode, { ...base, current })), formatMode(wanted))
  })

test('modes are shown as Ansible shows them', () => {
  assert.equal([0, 0o644, 0o1777, 0o4755].map(formatMode), ['0000', '0644', '01777', '04755'])
})

const letters = fc.oneof(
  fc.array(fc.constantFrom(...'rwxXst'), { maxLength: 4 }).map((list) => list.join('')),
  fc.constantFrom(...'ugo'),
)
const clause = fc
  .tuple(
    fc.array(fc.constantFrom(...'ugoa'), { maxLength: 3 }).map((list) => list.join('')),
    fc.array(fc.tuple(fc.constantFrom(...'-+='), letters), { minLength: 1, maxLength: 3 }),
  )
  .map(([who, operations]) => who + operations.map((operation) => operation.join('')).join(''))
const symbolic = fc.array(clause, { minLength: 1, maxLength: 3 }).map((clauses) => clauses.join(','))

test('symbolic modes mean what chmod makes of them', () =>
  inFolder((folder) => {
    const paths = { file: join(folder, 'file'), directory: join(folder, 'directory') }
    writeFileSync(paths.file, '')
    mkdirSync(paths.directory)
    fc.assert(
      fc.property(
        symbolic,
        fc.nat(0o7777),
        fc.constantFrom(0o022, 0o077, 0o027),
        fc.boolean(),
        (mode, bits, umask, isDirectory) => {
          // GNU chmod keeps setuid and setgid of directories where `=` does not name them; that difference is on purpose.
          fc.pre(!isDirectory || !mode.includes('='))
          const path = isDirectory ? paths.directory : paths.file
          chmodSync(path, bits)
          execFileSync('sh', ['-c', `umask ${umask.toString(8)}; chmod -- "$1" "$2"`, 'sh', mode, path], {
            stdio: 'pipe',
          })
          const ours = resolveMode(mode, { current: bits, directory: isDirectory, umask })
          assert.is(formatMode(ours), formatMode(statSync(path).mode))
        },
      ),
      { numRuns: 300 },
    )
    return Promise.resolve()
  }))

test.run()
