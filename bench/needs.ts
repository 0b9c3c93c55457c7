import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { cpus, release, totalmem } from 'node:os'

/** What the rivals need on the controller → the Debian package that brings it. */
const needs: Readonly<Record<string, string>> = {
  '/usr/bin/ansible-playbook': 'ansible-core',
  '/usr/lib/python3/dist-packages/ansible_collections/community/postgresql': 'ansible',
  '/usr/lib/python3/dist-packages/ansible_mitogen': 'ansible-mitogen',
  '/usr/lib/python3/dist-packages/psycopg2': 'python3-psycopg2',
}

/** Installs what is missing of the rivals. */
export function installRivals(say: (line: string) => void): void {
  const missing = Object.entries(needs).flatMap(([path, name]) => (existsSync(path) ? [] : [name]))
  if (missing.length === 0) return
  say(`Installing what hostwright is compared with: ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const stdio = ['ignore', 'ignore', 'inherit'] as const
  execFileSync('apt-get', ['update', '-q'], { env, stdio: [...stdio] })
  execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], { env, stdio: [...stdio] })
}

const parts = ['bin', 'lib', 'modules', 'playbooks', 'templates', 'package.json', 'tsconfig.json', 'build.js']

/** What the package has of a copy that is built, in a folder below which its name is found. */
export function packagedCopy(copy: string, folder: string): string {
  const packaged = join(folder, 'node_modules', 'hostwright')
  for (const part of ['bin', 'dist', 'templates', 'package.json'])
    cpSync(join(copy, part), join(packaged, part), { recursive: true })
  rmSync(join(packaged, 'dist', 'sources'), { force: true })
  symlinkSync(realpathSync(join(copy, 'node_modules')), join(packaged, 'node_modules'))
  return packaged
}

/** A copy of the library, built as its package is: whoever edits the checkout meanwhile changes nothing that is measured. */
export function builtCopy(library: string, copy: string): void {
  mkdirSync(copy)
  for (const part of parts.filter((name) => existsSync(join(library, name))))
    cpSync(join(library, part), join(copy, part), { recursive: true, filter: (path) => !path.endsWith('/.hostwright') })
  symlinkSync(realpathSync(join(library, 'node_modules')), join(copy, 'node_modules'))
  if (existsSync(join(copy, 'build.js')))
    execFileSync('node', ['build.js'], { cwd: copy, stdio: ['ignore', 'inherit', 'inherit'] })
}

const told = (program: string, args: readonly string[], cwd?: string): string =>
  execFileSync(program, [...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(cwd === undefined ? {} : { cwd }),
  }).trim()

const version = (name: string): string => told('dpkg-query', ['-W', '-f', '${Version}', name])

/** What the measurements stand for. */
export const describeMachine = (): Readonly<Record<string, string>> => ({
  processors: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  kernel: release(),
  node: process.versions.node,
  'ansible-core': version('ansible-core'),
  'ansible-mitogen': version('ansible-mitogen'),
  hosts: 'Debian 12 on the same machine, sharing its processors',
})

/** The commit that is measured; a plus where files differ from it. */
export function commitOf(library: string): string {
  try {
    const changed = told('git', ['status', '--porcelain', 'lib', 'modules', 'bin', 'playbooks'], library)
    return told('git', ['rev-parse', '--short', 'HEAD'], library) + (changed === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}
