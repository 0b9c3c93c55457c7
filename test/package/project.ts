import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The same, where anything but success is a mistake of the test's surroundings. */
export async function mustRun(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const { status, stdout, text } = await run(cwd, program, args)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with status ${status}:\n${text}`)
  return stdout
}

/** Copies what git has, or would have, of this checkout: nothing is left of an earlier build. */
export async function copyCheckout(folder: string): Promise<void> {
  const files = await mustRun(root, 'git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'])
  for (const name of files.split('\0').filter((one) => existsSync(join(root, one)) && one !== '')) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    cpSync(join(root, name), join(folder, name))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

/** Builds the tarball as a release does: from a clean checkout. */
export async function pack(folder: string): Promise<string> {
  const checkout = join(folder, 'checkout')
  await copyCheckout(checkout)
  await mustRun(checkout, 'npm', ['pack', '--loglevel', 'error', '--pack-destination', folder])
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm pack made no tarball')
  return join(folder, name)
}

export async function namesIn(tarball: string): Promise<readonly string[]> {
  const listed = await mustRun(tmpdir(), 'tar', ['-tzf', tarball])
  return listed.split('\n').flatMap((line) => (line === '' ? [] : [line.replace('package/', '')]))
}

/** A new project of a user, with the tarball installed from npm's side of the fence. */
export async function newProject(tarball: string) {
  const dir = mkdtempSync(join(tmpdir(), 'hostwright-project-'))
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const { typescript, '@types/node': node } = own.devDependencies
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text)
  write(
    'package.json',
    JSON.stringify({ private: true, type: 'module', devDependencies: { typescript, '@types/node': node } }),
  )
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { strict: true, module: 'NodeNext', target: 'ES2023', types: ['node'], noEmit: true },
      include: ['site.ts'],
    }),
  )
  // Nothing needs the scripts of packages; ssh2's would compile a part that it can do without, for a quarter of a minute.
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error']
  await mustRun(dir, 'npm', ['install', ...quiet, tarball])
  return {
    dir,
    write,
    run: (program: string, args: readonly string[]) => run(dir, program, args),
    has: (name: string) => existsSync(join(dir, name)),
    close: () => rmSync(dir, { recursive: true, force: true }),
  }
}
