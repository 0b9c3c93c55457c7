import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface OracleCase {
  readonly module: 'lineinfile' | 'blockinfile' | 'replace' | 'known_hosts'
  readonly params: Readonly<Record<string, unknown>>
  /** undefined for no file. */
  readonly content: Buffer | undefined
}

export interface OracleAnswer {
  readonly changed: boolean
  readonly failed: boolean
  readonly msg: string
  readonly content: Buffer | undefined
}

/** What the installed Ansible makes of these cases. It is needed: a comparison that is left out proves nothing. */
export function askAnsible(cases: readonly OracleCase[]): readonly OracleAnswer[] {
  const script = fileURLToPath(new URL('oracle.py', import.meta.url))
  const input = JSON.stringify(cases.map((one) => ({ ...one, content: one.content?.toString('base64') ?? null })))
  const done = spawnSync(ansiblesPython(), ['-W', 'ignore', script], { input, maxBuffer: 1e9 })
  if (done.status !== 0)
    throw new Error(
      `Ansible's own modules could not be run (apt-get install ansible-core): ${done.error?.message ?? done.stderr.toString()}`,
    )
  const answers = JSON.parse(done.stdout.toString()) as readonly (Omit<OracleAnswer, 'content'> & {
    readonly content: string | null
  })[]
  return answers.map((answer) => ({
    ...answer,
    content: answer.content === null ? undefined : Buffer.from(answer.content, 'base64'),
  }))
}

/** The Python that the `ansible` command runs with; another may be first on the path. */
function ansiblesPython(): string {
  try {
    const command = execFileSync('sh', ['-c', 'command -v ansible']).toString().trim()
    return /^#!\s*(\S+)/.exec(readFileSync(command, 'utf8'))?.[1] ?? 'python3'
  } catch (error) {
    throw new Error('the comparisons need the real Ansible: apt-get install ansible-core', { cause: error })
  }
}
