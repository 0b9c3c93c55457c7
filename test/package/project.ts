import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from '../../lab/lock.ts'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The same, where anything but success is a mistake of the test's surroundings. */
export async function mustRun(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const { status, stdout, text } = await run(cwd, program, args)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with status ${status}:\n${text}`)
  return stdout
}

/** Builds the tarball as a release does: from a clean checkout, where nothing is left of an earlier build. */
export async function pack(folder: string): Promise<string> {
  // Two tests that build into the same folder take turns.
  await withLock(
    join(tmpdir(), 'hostwright-pack.lock'),
    () => undefined,
    async () => {
      rmSync(join(root, 'dist'), { recursive: true, force: true })
      await mustRun(root, 'npm', ['pack', '--loglevel', 'error', '--pack-destination', folder])
    },
  )
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
  await mustRun(dir, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error', tarball])
  return {
    dir,
    write,
    run: (program: string, args: readonly string[]) => run(dir, program, args),
    has: (name: string) => existsSync(join(dir, name)),
    close: () => rmSync(dir, { recursive: true, force: true }),
  }
}
