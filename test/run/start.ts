import { spawn } from 'node:child_process'
import { judge, type Check, type Ending, type Verdict } from './check.ts'

/** Runs checks, a fixed number at the same time, and prints a line when each ends. */
export async function runAll(list: readonly Check[], atOnce: number): Promise<readonly Verdict[]> {
  const queue = [...list]
  const verdicts: Verdict[] = []
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) verdicts.push(await run(check))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return verdicts
}

async function run(check: Check): Promise<Verdict> {
  const start = performance.now()
  const ending = await ended(check)
  const verdict = judge(check, ending)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const word = verdict.failed === 0 ? 'ok' : 'FAILED'
  const failures = verdict.failed > 0 ? `, ${verdict.failed} failed` : ''
  console.log(`${word.padEnd(7)}${check.name}  ${verdict.passed} passed${failures}  ${seconds} s`)
  if (verdict.failed > 0)
    console.log(indent(ending.late ? `${ending.output}\nended after ${check.limit} s` : ending.output))
  return verdict
}

function ended({ argv, limit, env }: Check): Promise<Ending> {
  const [command = '', ...args] = argv
  return new Promise((resolve) => {
    // A process group of its own, so that a test that hangs is ended with all it started.
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', ...env },
    })
    let output = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      endGroup(child.pid ?? 0)
    }, limit * 1000)
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    // Processes that a failed test left behind hold its output open, and would keep the whole run waiting.
    child.on('exit', (code) => {
      if (code !== 0) endGroup(child.pid ?? 0)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, output, late })
    })
  })
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-120)
    .map((line) => `    ${line}`)
    .join('\n')
}
