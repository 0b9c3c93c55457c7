import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { packageRoot } from '../../package-root.ts'
import type { Console } from '../console.ts'
import { parseOptions } from '../options/options.ts'
import { UsageError } from '../options/usage-error.ts'
import { helpText } from '../options/usage.ts'

const options = { help: { short: 'h', help: 'show this' } } as const
const about =
  'Writes a project to start from: a playbook, an inventory, a template, a Vagrantfile. Nothing is overwritten.'
const starter = join(packageRoot, 'templates', 'starter')

/** `hostwright init [FOLDER]` writes a project that type-checks and runs. @returns the exit code. */
export async function initCommand(argv: readonly string[], console: Console): Promise<number> {
  const given = parseOptions(options, argv, console.env)
  const [folder = '.', ...more] = given.operands
  if (more.length > 0) throw new UsageError(`hostwright init takes one folder, not ${given.operands.length}`)
  if (given.flag('help')) console.out(helpText('hostwright init [FOLDER]', about, options))
  else console.out(writeStarter(resolve(console.cwd, folder), console.cwd))
  return 0
}

function writeStarter(folder: string, cwd: string): string {
  const names = readdirSync(starter, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(starter, join(entry.parentPath, entry.name)))
    .sort()
  const there = names.filter((name) => existsSync(join(folder, target(name))))
  if (there.length > 0)
    throw new HostwrightError(`${there.map(target).join(', ')} would be overwritten in ${folder}`, {
      kind: 'input',
      next: 'begin in an empty folder: hostwright init FOLDER',
    })
  mkdirSync(folder, { recursive: true })
  cpSync(starter, folder, { recursive: true })
  renameSync(join(folder, 'gitignore'), join(folder, target('gitignore')))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageOf(), undefined, 2)}\n`)
  const near = relative(cwd, folder)
  return [
    ...names.map((name) => `  ${join(near, target(name))}\n`),
    '\nNext:\n',
    ...(near === '' ? [] : [`  cd ${near}\n`]),
    '  npm install\n  npx tsx playbooks/site.ts --check --diff\n',
  ].join('')
}

/** npm leaves files of that name out of packages. */
const target = (name: string): string => (name === 'gitignore' ? '.gitignore' : name)

interface Package {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** With the versions that this one was tested with. */
function packageOf(): object {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Package
  const own = read(join(packageRoot, 'package.json'))
  const all = { ...own.devDependencies, ...own.dependencies }
  return {
    ...read(join(starter, 'package.json')),
    dependencies: { hostwright: `^${own.version}` },
    devDependencies: Object.fromEntries(['@types/node', 'tsx', 'typescript'].map((name) => [name, all[name]])),
  }
}
