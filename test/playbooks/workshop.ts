import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { OpenLab } from '../../lab/index.ts'
import { printedBy, type Printed } from '../support/printed.ts'
import { root } from './support.ts'

/** What a user sees of a command line they typed. */
export interface Seen extends Printed {
  readonly status: number
}

export interface Started {
  readonly pid: number
  readonly ended: Promise<Seen>
  /** What was printed so far. */
  readonly text: () => string
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** The folder to stand in; the workshop's own by default. */
  readonly cwd?: string
}

/**
 * A user's own folder: playbooks, an inventory, and no settings from anywhere else. Everything is started as they would start it, and every way to a host
 * leads through a command that keeps a list.
 */
export function openWorkshop(lab: OpenLab) {
  const dir = mkdtempSync(join(tmpdir(), 'hostwright-workshop-'))
  const log = join(dir, 'ways.log')
  const write = (name: string, text: string, mode = 0o600): string => {
    const file = join(dir, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode })
    return file
  }
  // The proxy is what every connection runs through, so its list of calls proves that there was none.
  const proxy = write('proxy.sh', `#!/bin/sh\necho "$1" >>'${log}'\nexec ${lab.inside.join(' ')} nc "$1" "$2"\n`, 0o700)
  write('package.json', '{ "type": "module" }\n')
  mkdirSync(join(dir, 'home'))
  const inventory = lab.inventory().replace(/ProxyCommand="[^"]*"/, `ProxyCommand="${proxy} %h %p"`)
  write('hosts.ini', inventory)

  const start = (program: string, argv: readonly string[], { env = {}, cwd = dir }: StartOptions = {}): Started => {
    const child = spawn(program, argv, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: join(dir, 'home'), LC_ALL: 'C.UTF-8', ...env },
    })
    const printed = printedBy(child)
    // A run that does not end must fail its own test, not hold up the others.
    const timer = setTimeout(() => child.kill('SIGTERM'), 180_000)
    const ended = new Promise<Seen>((resolve) => {
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        resolve({ status: code ?? (signal === null ? 1 : 137), ...printed() })
      })
    })
    return { pid: child.pid ?? 0, ended, text: () => printed().text }
  }

  return {
    dir,
    inventory,
    write,
    path: (name: string) => join(dir, name),
    has: (name: string) => existsSync(join(dir, name)),
    /** `npx tsx site.ts …`; npx itself, which only looks the program up, is left out. */
    start: (file: string, args: readonly string[] = [], options?: StartOptions) =>
      start(join(root, 'node_modules/.bin/tsx'), [file, ...args], options),
    play: (file: string, args: readonly string[] = [], options?: StartOptions) =>
      start(join(root, 'node_modules/.bin/tsx'), [file, ...args], options).ended,
    /** The installed command: one process, which takes signals itself. */
    startHostwright: (args: readonly string[], options?: StartOptions) =>
      start('node', [join(root, 'bin/hostwright.js'), ...args], options),
    hostwright: (args: readonly string[], options?: StartOptions) =>
      start('node', [join(root, 'bin/hostwright.js'), ...args], options).ended,
    program: (program: string, args: readonly string[], options?: StartOptions) => start(program, args, options).ended,
    /** The addresses that were connected to since the last time this was asked. */
    takeWays(): readonly string[] {
      const ways = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []
      rmSync(log, { force: true })
      return ways
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export type Workshop = ReturnType<typeof openWorkshop>

/** The text of a playbook with these plays, importing the library from this checkout. */
export function playbookText(plays: string, modules: readonly string[] = ['command'], more = ''): string {
  const imports = modules.map((name) => `import { ${name} } from '${root}modules/${name}.ts'\n`).join('')
  return `import { main, play, playbook, schema, secret, secretText, Type, listOf, optional, text } from '${root}lib/index.ts'
${imports}${more}const site = playbook('site', [
${plays}
])
export default site
await main(import.meta, site)
`
}
