import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One question to the real Ansible: what to do, and with what. */
export type Question = readonly [kind: string, value: unknown]

const script = fileURLToPath(new URL('oracle.py', import.meta.url))
const python = '/usr/bin/python3'

/** Installs ansible-core where it is missing; a machine that cannot must not pass these tests in silence. */
export function ensureAnsible(): void {
  if (existsSync('/usr/bin/ansible-inventory')) return
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) => execFileSync('apt-get', args, { env: environment, stdio: 'pipe' })
  try {
    apt('install', '-y', '--no-install-recommends', 'ansible-core')
  } catch {
    apt('update')
    apt('install', '-y', '--no-install-recommends', 'ansible-core')
  }
}

/** Asks everything in one Python process, because starting Ansible costs most of a second. */
export function askAnsible(questions: readonly Question[]): unknown[] {
  ensureAnsible()
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'))
  try {
    const [input, output] = [join(folder, 'questions.json'), join(folder, 'answers.json')]
    writeFileSync(input, JSON.stringify(questions))
    const config = join(folder, 'ansible.cfg')
    writeFileSync(config, '')
    const env = { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C.UTF-8', ANSIBLE_CONFIG: config }
    execFileSync(python, [script, input, output], { env, cwd: folder, stdio: 'pipe', timeout: 120_000 })
    return JSON.parse(readFileSync(output, 'utf8')) as unknown[]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
