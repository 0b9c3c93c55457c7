import { spawn } from 'node:child_process'

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly text: string
}

/** Runs a program in a folder as a user does there, without what this test inherited from npm. */
export function run(cwd: string, program: string, args: readonly string[]): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|HOSTWRIGHT)/.test(name)))
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env })
    let stdout = ''
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => ((stdout += chunk.toString()), (text += chunk.toString())))
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.on('close', (code) => resolve({ status: code ?? 137, stdout, text }))
  })
}
